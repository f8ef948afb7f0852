// The heart of the direct convolution: one tile of OB output blocks by ROWS x WIDTH output pixels,
// held in registers from bias to activation. Per input channel and tap it loads OB weight vectors,
// broadcasts one input number a pixel and multiplies them all.
#pragma once

#include "shape.hpp"
#include "simd.hpp"

namespace incept {

// A 1x1 convolution that touches every pixel once does not care about rows.
constexpr bool is_pointwise(const Conv& s) {
  return s.kernel_height == 1 && s.kernel_width == 1 && s.stride_height == 1 &&
         s.stride_width == 1 && !s.padded();
}

// The input as the tiles read it, in floats: [blocks][height][width][lanes], border included.
constexpr std::ptrdiff_t pixel_step(const Conv& s) {
  return input_lanes(s);
}
constexpr std::ptrdiff_t row_step(const Conv& s) {
  return s.padded_width() * pixel_step(s);
}
constexpr std::ptrdiff_t block_step(const Conv& s) {
  return s.padded_height() * row_step(s);
}

template <const Conv& S, int OB, int ROWS, int WIDTH>
struct ConvTile {
  static constexpr int kPixels = ROWS * WIDTH;
  static constexpr int kVecs = OB * kParts;
  static constexpr int kInputs = S.in_channels / S.group_count;
  static constexpr int kLanesIn = input_lanes(S);
  static constexpr int kTail = kInputs % kLanesIn;

  // Adds the products of COUNT input numbers a pixel, which lie side by side; `w` is [COUNT][OB *
  // 16].
  template <int COUNT>
  static INCEPT_INLINE const float* multiply(Vec (&sum)[kPixels][kVecs], const float* x,
                                             const float* w) {
    INCEPT_UNROLL_4
    for (int i = 0; i < COUNT; ++i) {
      Vec weight[kVecs];
      INCEPT_UNROLL
      for (int v = 0; v < kVecs; ++v) weight[v] = load(w + v * kLanes);
      INCEPT_UNROLL
      for (int p = 0; p < kPixels; ++p) {
        const Vec input = all(x[(p / WIDTH) * S.stride_height * row_step(S) +
                                (p % WIDTH) * S.stride_width * pixel_step(S) + i]);
        INCEPT_UNROLL
        for (int v = 0; v < kVecs; ++v) sum[p][v] += weight[v] * input;
      }
      w += OB * kBlock;
    }
    return w;
  }

  // All taps of one block of input channels.
  template <int CHANNELS>
  static INCEPT_INLINE const float* multiply_block(Vec (&sum)[kPixels][kVecs], const float* x,
                                                   const float* w) {
    INCEPT_NO_UNROLL
    for (int ky = 0; ky < S.kernel_height; ++ky) {
      const float* row = x + ky * S.dilation_height * row_step(S);
      if constexpr (CHANNELS == kLanesIn && S.dilation_width == 1) {
        w = multiply<CHANNELS * S.kernel_width>(sum, row, w);  // The taps of a row touch.
      } else {
        INCEPT_NO_UNROLL
        for (int kx = 0; kx < S.kernel_width; ++kx)
          w = multiply<CHANNELS>(sum, row + kx * S.dilation_width * pixel_step(S), w);
      }
    }
    return w;
  }

  // `x` is the input under the tile's first pixel and tap, `w` the packed weights of these blocks,
  // `out[b]` where block b's first pixel goes.
  static void run(const float* x, const float* w, const float* bias, float* const* out) {
    Vec sum[kPixels][kVecs];
    INCEPT_UNROLL
    for (int p = 0; p < kPixels; ++p) {
      INCEPT_UNROLL
      for (int v = 0; v < kVecs; ++v) sum[p][v] = load(bias + v * kLanes);
    }
    INCEPT_NO_UNROLL
    for (int block = 0; block < kInputs / kLanesIn; ++block, x += block_step(S))
      w = multiply_block<kLanesIn>(sum, x, w);
    if constexpr (kTail != 0) multiply_block<kTail>(sum, x, w);
    INCEPT_UNROLL
    for (int p = 0; p < kPixels; ++p) {
      const std::ptrdiff_t pixel = (p / WIDTH) * S.out_width + p % WIDTH;
      INCEPT_UNROLL
      for (int v = 0; v < kVecs; ++v)
        store(out[v / kParts] + pixel * kBlock + v % kParts * kLanes,
              activated<S.activation>(sum[p][v]));
    }
  }
};

}  // namespace incept
