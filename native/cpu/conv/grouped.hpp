// Convolution in groups of any size, one number at a time: right before fast.
#pragma once

#include <algorithm>

#include "../conv.hpp"
#include "../epilogue.hpp"
#include "border.hpp"
#include "segments.hpp"

namespace incept::cpu {

// One number of output channel `o`; `x` is the input under its window, `weights` as in the
// checkpoint.
template <const Conv& S, class Numbers, class Isa>
Sum<Numbers> grouped_sum(const Stored<Numbers>* x, const Stored<Numbers>* weights,
                         const Sum<Numbers>* bias, int o) {
  constexpr int inputs = S.in_channels / S.group_count;
  constexpr int taps = S.kernel_height * S.kernel_width;
  const int first = o / (S.out_channels / S.group_count) * inputs;
  const Stored<Numbers>* w = weights + std::ptrdiff_t(o) * inputs * taps;
  Sum<Numbers> sum = Epilogue<S, Numbers, Isa>::start_one(bias + o);
  for (int c = first; c < first + inputs; ++c) {
    const Stored<Numbers>* channel = x + c / kBlock * block_pitch(S, kBlock) + c % kBlock;
    for (int tap = 0; tap < taps; ++tap)
      sum +=
          Numbers::read(*w++) *
          Numbers::read(channel[(tap / S.kernel_width) * S.dilation_height * row_pitch(S, kBlock) +
                                (tap % S.kernel_width) * S.dilation_width * kBlock]);
  }
  return sum;
}

struct Grouped : PaddedBias {
  static constexpr bool fits(const Conv& s) { return s.segments == 1; }

  static constexpr std::size_t packed_weights(const Conv& s) {
    return std::size_t(s.out_channels) * (s.in_channels / s.group_count) * s.kernel_height *
           s.kernel_width;
  }

  template <class Numbers = F32>
  static constexpr std::size_t workspace(const Conv& s) {
    return border_bytes<Numbers>(s, kBlock);
  }

  // In the checkpoint's order.
  template <class Numbers = F32>
  static void pack(const Conv& s, const float* weight, Stored<Numbers>* packed) {
    std::transform(weight, weight + packed_weights(s), packed, Numbers::write);
  }

  template <const Conv& S, class Numbers, class Isa>
  static void run(Member& t, const Stored<Numbers>* in, const Stored<Numbers>* weights,
                  const Sum<Numbers>* bias, Stored<Numbers>* workspace,
                  Stored<Numbers>* const* outs) {
    in = with_border<S, kBlock, Numbers, Isa>(t, in, workspace);
    for (auto [item, end] : t.stretches(std::ptrdiff_t(S.out_channels) * S.out_height))
      for (; item < end; ++item) {
        const int o = static_cast<int>(item / S.out_height),
                  y = static_cast<int>(item % S.out_height);
        Stored<Numbers>* to =
            outs[0] + o % kBlock +
            (std::ptrdiff_t(o / kBlock) * S.out_height + y) * S.out_width * kBlock;
        for (int x = 0; x < S.out_width; ++x) {
          const Stored<Numbers>* window =
              in + y * S.stride_height * row_pitch(S, kBlock) + x * S.stride_width * kBlock;
          Epilogue<S, Numbers, Isa>::finish_one(
              grouped_sum<S, Numbers, Isa>(window, weights, bias, o), to + x * kBlock);
        }
      }
  }
};

}  // namespace incept::cpu
