// Convolutions whose groups do not fill blocks: depthwise, a block of channels at a time, and any
// other grouping, right before fast.
#pragma once

#include "conv_tile.hpp"
#include "shape.hpp"
#include "simd.hpp"
#include "team.hpp"

namespace incept {

// WIDTH pixels of one block; `w` is [kernel height][kernel width][16].
template <const Conv& S, int WIDTH>
void depthwise_run(const float* x, const float* w, const float* bias, float* out) {
  for (int part = 0; part < kBlock; part += kLanes) {
    Vec sum[WIDTH];
    INCEPT_UNROLL
    for (int p = 0; p < WIDTH; ++p) sum[p] = load(bias + part);
    for (int tap = 0; tap < S.kernel_height * S.kernel_width; ++tap) {
      const Vec weight = load(w + tap * kBlock + part);
      const float* from = x + (tap / S.kernel_width) * S.dilation_height * row_step(S) +
                          (tap % S.kernel_width) * S.dilation_width * kBlock + part;
      INCEPT_UNROLL
      for (int p = 0; p < WIDTH; ++p) sum[p] += weight * load(from + p * S.stride_width * kBlock);
    }
    INCEPT_UNROLL
    for (int p = 0; p < WIDTH; ++p) store(out + p * kBlock + part, activated<S.activation>(sum[p]));
  }
}

template <const Conv& S, int PIXELS>
void conv_depthwise(const Member& t, const float* in, const float* weights, const float* bias,
                    float* out) {
  constexpr int width = PIXELS < S.out_width ? PIXELS : S.out_width;
  constexpr int rest = S.out_width % width;
  constexpr std::ptrdiff_t taps = S.kernel_height * S.kernel_width;
  for (auto [item, end] = share(t, std::ptrdiff_t(blocks(S)) * S.out_height); item < end; ++item) {
    const std::ptrdiff_t block = item / S.out_height, y = item % S.out_height;
    const float* from = in + block * block_step(S) + y * S.stride_height * row_step(S);
    float* to = out + item * S.out_width * kBlock;
    const float* w = weights + block * taps * kBlock;
    const float* b = bias + block * kBlock;
    int x = 0;
    for (; x + width <= S.out_width; x += width)
      depthwise_run<S, width>(from + x * S.stride_width * kBlock, w, b, to + x * kBlock);
    if constexpr (rest > 0)
      depthwise_run<S, rest>(from + x * S.stride_width * kBlock, w, b, to + x * kBlock);
  }
}

// One number of output channel `o`; `x` is the input under its window, `weights` as in the
// checkpoint.
template <const Conv& S>
float plain_sum(const float* x, const float* weights, int o) {
  constexpr int inputs = S.in_channels / S.group_count;
  constexpr int taps = S.kernel_height * S.kernel_width;
  const int first = o / (S.out_channels / S.group_count) * inputs;
  const float* w = weights + std::ptrdiff_t(o) * inputs * taps;
  float sum = 0;
  for (int c = first; c < first + inputs; ++c) {
    const float* channel = x + c / kBlock * block_step(S) + c % kBlock;
    for (int tap = 0; tap < taps; ++tap)
      sum += *w++ * channel[(tap / S.kernel_width) * S.dilation_height * row_step(S) +
                            (tap % S.kernel_width) * S.dilation_width * kBlock];
  }
  return sum;
}

template <const Conv& S>
void conv_plain(const Member& t, const float* in, const float* weights, const float* bias,
                float* out) {
  for (auto [item, end] = share(t, std::ptrdiff_t(S.out_channels) * S.out_height); item < end;
       ++item) {
    const int o = static_cast<int>(item / S.out_height), y = static_cast<int>(item % S.out_height);
    float* to =
        out + o % kBlock + (std::ptrdiff_t(o / kBlock) * S.out_height + y) * S.out_width * kBlock;
    for (int x = 0; x < S.out_width; ++x) {
      const float* window = in + y * S.stride_height * row_step(S) + x * S.stride_width * kBlock;
      to[x * kBlock] = activated(S.activation, plain_sum<S>(window, weights, o) + bias[o]);
    }
  }
}

}  // namespace incept
