// Depthwise convolution: each channel by itself, a block of them at a time. The input is read where
// it lies: rows of taps beyond the image are left out, and of the columns those of the stretches
// that touch its sides, which are known at compile time.
#pragma once

#include <algorithm>
#include <utility>

#include "../conv.hpp"
#include "../epilogue.hpp"
#include "border.hpp"
#include "segments.hpp"

namespace incept::cpu {

// Where a stretch of output pixels begins, if it touches a side of the image: a column that is
// known, or one that is not. All taps of the others are on the image.
constexpr int kInside = -1, kSomewhere = -2;

// The input under one block of channels and one output row: `rows` of taps from the first that is
// on the image, and their weights, [kernel height][kernel width][16].
template <class Numbers>
struct DepthwiseRow {
  const Stored<Numbers>* in;
  const Sum<Numbers>* weights;
  int rows;
};

// WIDTH output pixels from column `x` on.
template <const Conv& S, int WHERE, int WIDTH, class Numbers, class Isa>
struct DepthwiseStretch {
  using Simd = cpu::Simd<Numbers, Isa>;
  using Vec = cpu::Vec<Numbers, Isa>;
  using Stored = cpu::Stored<Numbers>;
  using Sum = cpu::Sum<Numbers>;

  // One column of taps: `left` is the column of the first one of the first pixel.
  static INCEPT_INLINE void multiply(Vec (&sum)[WIDTH], const Stored* in, const Sum* weights,
                                     int left, int kx) {
    const Vec weight = Simd::at(weights + kx * kBlock);
    INCEPT_UNROLL
    for (int p = 0; p < WIDTH; ++p) {
      const int at = left + p * S.stride_width + kx * S.dilation_width;
      if (WHERE == kInside || (at >= 0 && at < S.in_width))
        sum[p] += weight * Simd::load(in + at * kBlock);
    }
  }

  template <int... KX>
  static INCEPT_INLINE void multiply_row(Vec (&sum)[WIDTH], const Stored* in, const Sum* weights,
                                         std::integer_sequence<int, KX...>) {
    constexpr int left = WHERE * S.stride_width - S.pad_left;
    (multiply(sum, in, weights, left, KX), ...);
  }

  static void run(const DepthwiseRow<Numbers>& row, const Sum* bias, int x, Output<S, Numbers> out,
                  Added<S, Numbers> added) {
    using Epilogue = cpu::Epilogue<S, Numbers, Isa>;
    for (int part = 0; part < kBlock; part += Isa::kLanes) {
      Vec sum[WIDTH];
      INCEPT_UNROLL
      for (int p = 0; p < WIDTH; ++p) sum[p] = Epilogue::start(bias + part);
      const Stored* in = row.in + part;
      const Sum* weights = row.weights + part;
      INCEPT_NO_UNROLL
      for (int ky = 0; ky < row.rows; ++ky) {
        if constexpr (WHERE >= 0) {
          multiply_row(sum, in, weights, std::make_integer_sequence<int, S.kernel_width>{});
        } else {
          INCEPT_UNROLL_4
          for (int kx = 0; kx < S.kernel_width; ++kx)
            multiply(sum, in, weights, x * S.stride_width - S.pad_left, kx);
        }
        in += S.dilation_height * S.in_width * kBlock, weights += S.kernel_width * kBlock;
      }
      INCEPT_UNROLL
      for (int p = 0; p < WIDTH; ++p) Epilogue::finish(sum[p], out + p * kBlock + part, added);
    }
  }
};

// An output row falls into stretches: the first `longer` of length + 1 pixels, the others of
// `length`.
template <const Conv& S, int PIXELS>
struct DepthwiseCut {
  static constexpr int kStretches = ceil_div(S.out_width, PIXELS);
  static constexpr int kLength = S.out_width / kStretches, kLonger = S.out_width % kStretches;
  static constexpr int kFirst = kLength + (kLonger > 0), kLast = S.out_width - kLength;
  // So many taps at most stand in the code one by one.
  static constexpr bool kKnown = S.kernel_width <= 8;

  static constexpr bool inside(int x, int width) {
    return x * S.stride_width >= S.pad_left &&
           (x + width - 1) * S.stride_width + (S.kernel_width - 1) * S.dilation_width <
               S.in_width + S.pad_left;
  }
  static constexpr int where(int x, int width) {
    return inside(x, width) ? kInside : kKnown ? x : kSomewhere;
  }
  static constexpr int kMiddle = inside(kFirst, kLast - kFirst) ? kInside : kSomewhere;

  template <class Numbers, class Isa>
  static void row(const DepthwiseRow<Numbers>& own, const Sum<Numbers>* bias,
                  Output<S, Numbers> out, Added<S, Numbers> added) {
    DepthwiseStretch<S, where(0, kFirst), kFirst, Numbers, Isa>::run(own, bias, 0, out, added);
    if constexpr (kStretches > 1) {
      int x = kFirst;
      for (int i = 1; i < kLonger; ++i, x += kFirst)
        DepthwiseStretch<S, kMiddle, kFirst, Numbers, Isa>::run(own, bias, x, out + x * kBlock,
                                                                added);
      for (int i = std::max(kLonger, 1); i < kStretches - 1; ++i, x += kLength)
        DepthwiseStretch<S, kMiddle, kLength, Numbers, Isa>::run(own, bias, x, out + x * kBlock,
                                                                 added);
      DepthwiseStretch<S, where(kLast, kLength), kLength, Numbers, Isa>::run(
          own, bias, kLast, out + kLast * kBlock, added);
    }
  }
};

// The same without pads: what border.hpp makes of a planar image then is a blocked one.
template <const Conv& S>
inline constexpr Conv kWithoutPads = Conv{S}.pad(0, 0, 0, 0);

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
    return copy_bytes<Stored<Numbers>, Numbers>(Conv{s}.pad(0, 0, 0, 0), kBlock);
  }

  // [kernel height][kernel width][16] for each block of channels.
  template <class Numbers = F32>
  static void pack(const Conv& s, const float* weight, Sum<Numbers>* packed) {
    std::fill(packed, packed + packed_weights(s), Sum<Numbers>{});
    for (int c = 0; c < s.out_channels; ++c)
      for (std::ptrdiff_t tap = 0; tap < taps(s); ++tap)
        packed[(c / kBlock * taps(s) + tap) * kBlock + c % kBlock] = weight[c * taps(s) + tap];
  }

  template <const Conv& S, class Numbers, class Isa>
  static void run(Member& t, const ConvInput<S, Numbers>* image, const Sum<Numbers>* weights,
                  const Sum<Numbers>* bias, Sum<Numbers>* workspace, Stored<Numbers>* const* outs,
                  Added<S, Numbers> added) {
    constexpr std::ptrdiff_t row = std::ptrdiff_t(S.in_width) * kBlock;
    const Stored<Numbers>* in =
        with_border<kWithoutPads<S>, kBlock, Stored<Numbers>, Numbers, Isa>(t, image, workspace);
    for (auto [item, end] :
         t.stretches(std::ptrdiff_t(blocks(S)) * S.out_height, enough(S.out_width * taps(S))))
      for (; item < end; ++item) {
        const std::ptrdiff_t block = item / S.out_height;
        const int top = static_cast<int>(item % S.out_height) * S.stride_height - S.pad_top;
        const int first = top >= 0 ? 0 : ceil_div(-top, S.dilation_height);
        const int last = std::min(S.kernel_height, ceil_div(S.in_height - top, S.dilation_height));
        const DepthwiseRow<Numbers> own{
            in + (block * S.in_height + top + first * S.dilation_height) * row,
            weights + (block * taps(S) + first * S.kernel_width) * kBlock, last - first};
        const std::ptrdiff_t y = item % S.out_height;
        DepthwiseCut<S, PIXELS>::template row<Numbers, Isa>(
            own, bias + block * kBlock,
            block_plane<S, Numbers, Isa>(outs, int(block)) + y * S.out_width * kBlock, added);
      }
  }
};

}  // namespace incept::cpu
