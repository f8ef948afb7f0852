// Rows of a picture with their columns resampled: PIL's horizontal pass, a row at a time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "nearest.hpp"
#include "source.hpp"
#include "taps.hpp"

namespace incept::picture {

// PIL's clip8: sums are of bytes times weights, and a half.
constexpr std::int32_t kHalf = 1 << (kWeightBits - 1);

inline std::uint8_t rounded(std::int32_t sum) {
  return std::uint8_t(std::clamp(sum >> kWeightBits, 0, 255));
}

class Columns {
 public:
  Columns(const Source& source, const Side& side, Interpolation interpolation)
      : source_(source), channels_(std::size_t(source.channels())), kept_(std::size_t(side.kept)) {
    if (side.same()) {
      first_ = side.first;
      count_ = side.kept;
    } else if (interpolation == Interpolation::kNearest) {
      picked_ = nearest(side);
      first_ = std::max<std::int64_t>(picked_.front(), 0);
      count_ =
          std::max(*std::max_element(picked_.begin(), picked_.end()) + 1 - first_, std::int64_t(0));
    } else {
      for (std::int64_t i = 0; i < side.kept; ++i) taps_.push_back(taps_of(side, interpolation, i));
      first_ = taps_.front().first;
      count_ = taps_.back().end() - first_;
    }
    if (!side.same()) pixels_.resize(std::size_t(count_) * channels_);
  }

  std::size_t bytes() const { return kept_ * channels_; }

  // The kept columns of row `y`.
  void read(std::int64_t y, std::uint8_t* out) {
    if (!taps_.empty()) {
      source_.read(y, first_, count_, pixels_.data());
      channels_ == 1 ? filter<1>(out) : filter<3>(out);
    } else if (!picked_.empty()) {
      source_.read(y, first_, count_, pixels_.data());
      pick(out);
    } else {
      source_.read(y, first_, count_, out);
    }
  }

 private:
  template <int kChannels>
  void filter(std::uint8_t* out) const {
    for (const Taps& taps : taps_) {
      const std::uint8_t* pixel = pixels_.data() + (taps.first - first_) * kChannels;
      std::int32_t sums[kChannels];
      std::fill_n(sums, kChannels, kHalf);
      for (const std::int32_t weight : taps.weights) {
        for (int c = 0; c < kChannels; ++c) sums[c] += *pixel++ * weight;
      }
      for (const std::int32_t sum : sums) *out++ = rounded(sum);
    }
  }

  void pick(std::uint8_t* out) const {
    for (const std::int64_t column : picked_) {
      for (std::size_t c = 0; c < channels_; ++c) {
        *out++ = column < 0 ? 0 : pixels_[std::size_t(column - first_) * channels_ + c];
      }
    }
  }

  const Source& source_;
  std::size_t channels_, kept_;
  // The source columns that the kept ones are made of.
  std::int64_t first_ = 0, count_ = 0;
  std::vector<std::uint8_t> pixels_;
  // One of them has an entry a kept column; none where the side keeps its size.
  std::vector<Taps> taps_;
  std::vector<std::int64_t> picked_;
};

}  // namespace incept::picture
