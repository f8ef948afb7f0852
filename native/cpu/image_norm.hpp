// Normalisation by the statistics of each image alone.
#pragma once

#include <algorithm>
#include <cmath>

#include "numbers.hpp"
#include "team.hpp"

namespace incept::cpu {

// Calls `stretch(at, channel, lanes)` for the numbers of a set, which lie side by side from `at` on
// in a block: those of `lanes` channels at one pixel. A vector lies like blocks of one pixel.
template <const ImageNorm& S, class Stretch>
INCEPT_INLINE void each_lanes(std::ptrdiff_t set, Stretch&& stretch) {
  constexpr std::ptrdiff_t plane = S.plane();
  if constexpr (S.group_count == 0) {
    for (int c = 0; c < S.channels; c += kBlock)
      stretch((c / kBlock * plane + set) * kBlock, c, std::min(kBlock, S.channels - c));
  } else {
    constexpr int own = S.channels / S.group_count;
    const int first = static_cast<int>(set) * own, last = first + own;
    for (int c = first; c < last; c = (c / kBlock + 1) * kBlock)
      for (std::ptrdiff_t p = 0; p < plane; ++p)
        stretch((c / kBlock * plane + p) * kBlock + c % kBlock, c,
                std::min(last, (c / kBlock + 1) * kBlock) - c);
  }
}

// What makes units of the numbers of a set: (x - middle - rest) * inverse. The mean is two numbers,
// so that of values far from 0 as many digits are left as of those around it.
template <const ImageNorm& S, class Numbers, class Isa>
struct SetStatistics {
  static_assert(compiled_for<Isa>);
  using Sum = cpu::Sum<Numbers>;
  Sum middle = 0, rest = 0, inverse;

  // One pass: sums of more digits, of deviations from a number of the set, so that squares lose at
  // most as many digits as the set has numbers.
  SetStatistics(const Stored<Numbers>* in, std::ptrdiff_t set) {
    double plain[kBlock] = {}, squares[kBlock] = {};
    double pivot = 0;
    if constexpr (S.is_centred)
      pivot = Numbers::read(in[S.group_count == 0 ? set * kBlock : first_of(set)]);
    each_lanes<S>(set, [&](std::ptrdiff_t at, int, int lanes) INCEPT_ALWAYS_INLINE {
      for (int i = 0; i < lanes; ++i) {
        const double off = Numbers::read(in[at + i]) - pivot;
        plain[i] += off, squares[i] += off * off;
      }
    });
    for (int i = 1; i < kBlock; ++i) plain[0] += plain[i], squares[0] += squares[i];
    double mean = 0, variance = squares[0] / S.count();
    if constexpr (S.is_centred) {
      const double off = plain[0] / S.count();
      mean = pivot + off, variance -= off * off;
    }
    middle = static_cast<Sum>(mean), rest = static_cast<Sum>(mean - middle);
    inverse = static_cast<Sum>(1 / std::sqrt(std::max(variance, 0.0) + S.epsilon));
  }

  INCEPT_INLINE Sum unit(Sum x) const { return (x - middle - rest) * inverse; }

 private:
  static std::ptrdiff_t first_of(std::ptrdiff_t set) {
    const std::ptrdiff_t c = set * (S.channels / std::max(S.group_count, 1));
    return c / kBlock * S.plane() * kBlock + c % kBlock;
  }
};

// u * gamma + beta; null gamma is 1, null beta 0. May run in place.
template <const ImageNorm& S, class Numbers = F32, class Isa = Native>
void image_norm(Member& t, const Stored<Numbers>* in, const Sum<Numbers>* gamma,
                const Sum<Numbers>* beta, Stored<Numbers>* out) {
  for (auto [set, end] : t.stretches(S.sets(), enough(S.count())))
    for (; set < end; ++set) {
      const SetStatistics<S, Numbers, Isa> own(in, set);
      each_lanes<S>(set, [&](std::ptrdiff_t at, int c, int lanes) INCEPT_ALWAYS_INLINE {
        for (int i = 0; i < lanes; ++i) {
          const auto by = gamma ? gamma[c + i] : 1, plus = beta ? beta[c + i] : 0;
          out[at + i] = Numbers::write(own.unit(Numbers::read(in[at + i])) * by + plus);
        }
      });
    }
}

}  // namespace incept::cpu
