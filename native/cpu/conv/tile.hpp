// The heart of the direct convolution: one tile of OB output blocks by ROWS x WIDTH output pixels,
// held in registers from bias to activation. Per input channel and tap it loads OB weight vectors,
// broadcasts one input number a pixel and multiplies them all.
#pragma once

#include "../epilogue.hpp"
#include "ahead.hpp"
#include "border.hpp"
#include "segments.hpp"

namespace incept::cpu {

// Registers of `blocks` output blocks that hold channels: of a block that is alone, no more than
// there are.
template <class Isa>
constexpr int channel_registers(const Conv& s, int blocks) {
  const bool alone = s.segments == 1 && s.out_channels <= kBlock;
  return alone ? ceil_div(s.out_channels, Isa::kLanes) : blocks * kParts<Isa>;
}

// LANES: those of one input block.
template <const Conv& S, int LANES, int OB, int ROWS, int WIDTH, class Numbers, class Isa>
struct ConvTile {
  using Simd = cpu::Simd<Numbers, Isa>;
  using Vec = cpu::Vec<Numbers, Isa>;
  using Stored = cpu::Stored<Numbers>;
  using Sum = cpu::Sum<Numbers>;

  static constexpr int kPixels = ROWS * WIDTH;
  static constexpr int kVecs = channel_registers<Isa>(S, OB);
  static constexpr int kInputs = S.in_channels / S.group_count;
  static constexpr int kTail = kInputs % LANES;
  static constexpr std::ptrdiff_t kPixelPitch = pixel_pitch(LANES);
  static constexpr std::ptrdiff_t kRowPitch = row_pitch(S, LANES);

  // Adds the products of COUNT input numbers a pixel, which lie side by side; `w` is [COUNT][OB *
  // 16].
  template <int COUNT>
  static INCEPT_INLINE const Sum* multiply(Vec (&sum)[kPixels][kVecs], const Sum* x, const Sum* w) {
    INCEPT_UNROLL_4
    for (int i = 0; i < COUNT; ++i) {
      Vec weight[kVecs];
      INCEPT_UNROLL
      for (int v = 0; v < kVecs; ++v) weight[v] = Simd::at(w + v * Isa::kLanes);
      INCEPT_UNROLL
      for (int p = 0; p < kPixels; ++p) {
        const Vec input = Simd::all(x[(p / WIDTH) * S.stride_height * kRowPitch +
                                      (p % WIDTH) * S.stride_width * kPixelPitch + i]);
        INCEPT_UNROLL
        for (int v = 0; v < kVecs; ++v) sum[p][v] += weight[v] * input;
      }
      w += OB * kBlock;
    }
    return w;
  }

  // All taps of one block of input channels.
  template <int CHANNELS>
  static INCEPT_INLINE const Sum* multiply_block(Vec (&sum)[kPixels][kVecs], const Sum* x,
                                                 const Sum* w, Following<Sum>& following) {
    INCEPT_NO_UNROLL
    for (int ky = 0; ky < S.kernel_height; ++ky) {
      following.ask();
      const Sum* row = x + ky * S.dilation_height * kRowPitch;
      if constexpr (CHANNELS == LANES && S.dilation_width == 1) {
        w = multiply<CHANNELS * S.kernel_width>(sum, row, w);  // The taps of a row touch.
      } else {
        INCEPT_NO_UNROLL
        for (int kx = 0; kx < S.kernel_width; ++kx)
          w = multiply<CHANNELS>(sum, row + kx * S.dilation_width * kPixelPitch, w);
      }
    }
    return w;
  }

  // `x` is the input under the tile's first pixel and tap, `w` the packed weights of these blocks,
  // `out[b]` where block b's first pixel goes.
  static void run(const Sum* x, const Sum* w, const Sum* bias, const Output<S, Numbers>* out,
                  Added<S, Numbers> added, Following<Sum>& following) {
    using Epilogue = cpu::Epilogue<S, Numbers, Isa>;
    Vec sum[kPixels][kVecs];
    INCEPT_UNROLL
    for (int p = 0; p < kPixels; ++p) {
      INCEPT_UNROLL
      for (int v = 0; v < kVecs; ++v) sum[p][v] = Epilogue::start(bias + v * Isa::kLanes);
    }
    INCEPT_NO_UNROLL
    for (int block = 0; block < kInputs / LANES; ++block, x += block_pitch(S, LANES))
      w = multiply_block<LANES>(sum, x, w, following);
    if constexpr (kTail != 0) multiply_block<kTail>(sum, x, w, following);
    INCEPT_UNROLL
    for (int p = 0; p < kPixels; ++p) {
      const std::ptrdiff_t pixel = (p / WIDTH) * S.out_width + p % WIDTH;
      INCEPT_UNROLL
      for (int v = 0; v < kVecs; ++v)
        Epilogue::finish(sum[p][v],
                         out[v / kParts<Isa>] + pixel * kBlock + v % kParts<Isa> * Isa::kLanes,
                         added);
      INCEPT_UNROLL
      for (int v = kVecs; v < OB * kParts<Isa>; ++v)
        store<Numbers, Isa>(out[0] + pixel * kBlock + v * Isa::kLanes, Vec{});
    }
  }
};

}  // namespace incept::cpu
