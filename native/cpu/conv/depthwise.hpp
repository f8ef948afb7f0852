// Depthwise convolution: each channel by itself, a block of them at a time.
#pragma once

#include <algorithm>

#include "../conv.hpp"
#include "../epilogue.hpp"
#include "border.hpp"
#include "segments.hpp"

namespace incept::cpu {

// WIDTH pixels of one block; `w` is [kernel height][kernel width][16].
template <const Conv& S, int WIDTH, class Numbers, class Isa>
void depthwise_stretch(const Stored<Numbers>* x, const Stored<Numbers>* w, const Sum<Numbers>* bias,
                       Stored<Numbers>* out) {
  using Simd = cpu::Simd<Numbers, Isa>;
  using Epilogue = cpu::Epilogue<S, Numbers, Isa>;
  for (int part = 0; part < kBlock; part += Isa::kLanes) {
    Vec<Numbers, Isa> sum[WIDTH];
    INCEPT_UNROLL
    for (int p = 0; p < WIDTH; ++p) sum[p] = Epilogue::start(bias + part);
    for (int tap = 0; tap < S.kernel_height * S.kernel_width; ++tap) {
      const Vec<Numbers, Isa> weight = Simd::load(w + tap * kBlock + part);
      const Stored<Numbers>* from =
          x + (tap / S.kernel_width) * S.dilation_height * row_pitch(S, kBlock) +
          (tap % S.kernel_width) * S.dilation_width * kBlock + part;
      INCEPT_UNROLL
      for (int p = 0; p < WIDTH; ++p)
        sum[p] += weight * Simd::load(from + p * S.stride_width * kBlock);
    }
    INCEPT_UNROLL
    for (int p = 0; p < WIDTH; ++p) Epilogue::finish(sum[p], out + p * kBlock + part);
  }
}

// Up to PIXELS output pixels of a row in registers at once.
template <int PIXELS>
struct Depthwise : PaddedBias {
  static constexpr bool fits(const Conv& s) {
    return s.segments == 1 && s.group_count == s.in_channels && s.group_count == s.out_channels;
  }

  static constexpr std::ptrdiff_t taps(const Conv& s) {
    return std::ptrdiff_t(s.kernel_height) * s.kernel_width;
  }

  static constexpr std::size_t packed_weights(const Conv& s) {
    return std::size_t(taps(s)) * kBlock * blocks(s);
  }

  template <class Numbers = F32>
  static constexpr std::size_t workspace(const Conv& s) {
    return border_bytes<Numbers>(s, kBlock);
  }

  // [kernel height][kernel width][16] for each block of channels.
  template <class Numbers = F32>
  static void pack(const Conv& s, const float* weight, Stored<Numbers>* packed) {
    std::fill(packed, packed + packed_weights(s), Stored<Numbers>{});
    for (int c = 0; c < s.out_channels; ++c)
      for (std::ptrdiff_t tap = 0; tap < taps(s); ++tap)
        packed[(c / kBlock * taps(s) + tap) * kBlock + c % kBlock] =
            Numbers::write(weight[c * taps(s) + tap]);
  }

  template <const Conv& S, class Numbers, class Isa>
  static void run(Member& t, const Stored<Numbers>* in, const Stored<Numbers>* weights,
                  const Sum<Numbers>* bias, Stored<Numbers>* workspace,
                  Stored<Numbers>* const* outs) {
    constexpr int width = PIXELS < S.out_width ? PIXELS : S.out_width;
    constexpr int rest = S.out_width % width, count = blocks(S);
    in = with_border<S, kBlock, Numbers, Isa>(t, in, workspace);
    for (auto [item, end] :
         t.stretches(std::ptrdiff_t(count) * S.out_height, enough(S.out_width * taps(S))))
      for (; item < end; ++item) {
        const std::ptrdiff_t block = item / S.out_height, y = item % S.out_height;
        const Stored<Numbers>* from =
            in + block * block_pitch(S, kBlock) + y * S.stride_height * row_pitch(S, kBlock);
        Stored<Numbers>* to = outs[0] + item * S.out_width * kBlock;
        const Stored<Numbers>* w = weights + block * taps(S) * kBlock;
        const Sum<Numbers>* b = bias + block * kBlock;
        int x = 0;
        for (; x + width <= S.out_width; x += width)
          depthwise_stretch<S, width, Numbers, Isa>(from + x * S.stride_width * kBlock, w, b,
                                                    to + x * kBlock);
        if constexpr (rest > 0)
          depthwise_stretch<S, rest, Numbers, Isa>(from + x * S.stride_width * kBlock, w, b,
                                                   to + x * kBlock);
      }
  }
};

}  // namespace incept::cpu
