// Means over bins of any size, on blocked images; and images made larger by whole factors, which
// are bins of one pixel.
#pragma once

#include <algorithm>

#include "activated.hpp"
#include "numbers.hpp"
#include "team.hpp"

namespace incept::cpu {

// The sum of `count` pixels that lie side by side. Sums of sums keep the rounding of a large plane
// small, and several at once do not wait for one another.
template <class Numbers, class Isa>
Vec<Numbers, Isa> sum_of_pixels(const Stored<Numbers>* in, std::ptrdiff_t count) {
  using Vec = cpu::Vec<Numbers, Isa>;
  using Simd = cpu::Simd<Numbers, Isa>;
  constexpr int chains = 4, together = 16 * chains;
  Vec total{};
  for (; count > 0; count -= together, in += together * kBlock) {
    const int own = static_cast<int>(std::min<std::ptrdiff_t>(count, together));
    Vec sum[chains] = {};
    int i = 0;
    for (; i + chains <= own; i += chains) {
      INCEPT_UNROLL
      for (int k = 0; k < chains; ++k) sum[k] += Simd::load(in + (i + k) * kBlock);
    }
    for (; i < own; ++i) sum[0] += Simd::load(in + i * kBlock);
    total += (sum[0] + sum[1]) + (sum[2] + sum[3]);
  }
  return total;
}

// Each pixel of a row of the input, to the square that it becomes.
template <const AdaptivePool& S, class Numbers, class Isa>
void repeat_row(const Stored<Numbers>* in, Stored<Numbers>* out) {
  using Simd = cpu::Simd<Numbers, Isa>;
  constexpr int rows = S.out_height / S.in_height, columns = S.out_width / S.in_width;
  for (int x = 0; x < S.in_width; ++x, in += kBlock, out += columns * kBlock)
    for (int part = 0; part < kBlock; part += Isa::kLanes) {
      const Vec<Numbers, Isa> own = activated<S, Numbers, Isa>(Simd::load(in + part));
      INCEPT_UNROLL_4
      for (int r = 0; r < rows; ++r) {
        INCEPT_UNROLL_4
        for (int c = 0; c < columns; ++c)
          Simd::store(out + (std::ptrdiff_t(r) * S.out_width + c) * kBlock + part, own);
      }
    }
}

// One output pixel. PyTorch's bins: [floor(i * in / out), ceil((i + 1) * in / out)).
template <const AdaptivePool& S, class Numbers, class Isa>
void adaptive_bin(const Stored<Numbers>* plane, int y, int x, Stored<Numbers>* out) {
  using Simd = cpu::Simd<Numbers, Isa>;
  const int top = y * S.in_height / S.out_height;
  const int bottom = ceil_div((y + 1) * S.in_height, S.out_height);
  const int left = x * S.in_width / S.out_width;
  const int right = ceil_div((x + 1) * S.in_width, S.out_width);
  const Sum<Numbers> share = Sum<Numbers>(1) / ((bottom - top) * (right - left));
  for (int part = 0; part < kBlock; part += Isa::kLanes) {
    const Stored<Numbers>* from = plane + std::ptrdiff_t(top) * S.in_width * kBlock + part;
    Vec<Numbers, Isa> sum{};
    if constexpr (S.out_width == 1) {
      sum = sum_of_pixels<Numbers, Isa>(from, std::ptrdiff_t(bottom - top) * S.in_width);
    } else {
      for (int r = top; r < bottom; ++r, from += S.in_width * kBlock) {
        Vec<Numbers, Isa> row{};
        for (int c = left; c < right; ++c) row += Simd::load(from + c * kBlock);
        sum += row;
      }
    }
    Simd::store(out + part, activated<S, Numbers, Isa>(sum * share));
  }
}

template <const AdaptivePool& S, class Numbers = F32, class Isa = Native>
void adaptive_avg_pool(Member& t, const Stored<Numbers>* in, Stored<Numbers>* out) {
  static_assert(compiled_for<Isa>);
  constexpr int bins = S.out_height * S.out_width;
  constexpr std::ptrdiff_t row = std::ptrdiff_t(S.in_width) * kBlock;
  constexpr std::ptrdiff_t blocks = blocks_of(S.channels);
  if constexpr (S.out_height % S.in_height == 0 && S.out_width % S.in_width == 0) {
    constexpr std::ptrdiff_t rows = std::ptrdiff_t(S.out_height / S.in_height) * S.out_width;
    for (auto [item, end] : t.stretches(blocks * S.in_height, enough(rows)))
      for (; item < end; ++item)
        repeat_row<S, Numbers, Isa>(in + item * row, out + item * rows * kBlock);
  } else {
    constexpr std::ptrdiff_t plane = S.in_height * row;
    for (auto [item, end] : t.stretches(blocks * bins, enough(plane / kBlock / bins)))
      for (; item < end; ++item) {
        const int bin = static_cast<int>(item % bins);
        adaptive_bin<S, Numbers, Isa>(in + item / bins * plane, bin / S.out_width,
                                      bin % S.out_width, out + item * kBlock);
      }
  }
}

}  // namespace incept::cpu
