// The derivatives of a convolution, as their definitions read. Merged siblings are one convolution,
// of whose results dy is the one after the other.
#pragma once

#include "../../batch.hpp"
#include "../../shape.hpp"
#include "../../team.hpp"

namespace incept::cpu::reference {

// Which of `count` results takes the input's place `at` by a tap that lies `offset` from the
// window's begin; -1 where none does.
inline int taker(int at, int pad, int offset, int stride, int count) {
  const int from = at + pad - offset;
  return from >= 0 && from % stride == 0 && from / stride < count ? from / stride : -1;
}

// The transpose of the map, and a bias where there is one: `dy` [O][oh][ow],
// `weight` [O][C / groups][kh][kw], `dx` [C][H][W].
inline void conv_transpose(const Member& t, const Conv& s, const float* dy, const float* weight,
                           const float* bias, float* dx) {
  const int inputs = s.in_channels / s.group_count, outputs = s.out_channels / s.group_count;
  const std::ptrdiff_t rows = std::ptrdiff_t(s.in_channels) * s.in_height;
  for (auto [item, end] = share(t, rows); item < end; ++item) {
    const int c = static_cast<int>(item / s.in_height), row = static_cast<int>(item % s.in_height);
    const int first = c / inputs * outputs;
    for (int column = 0; column < s.in_width; ++column) {
      double sum = bias == nullptr ? 0 : bias[c];
      for (int o = first; o < first + outputs; ++o)
        for (int ky = 0; ky < s.kernel_height; ++ky) {
          const int y =
              taker(row, s.pad_top, ky * s.dilation_height, s.stride_height, s.out_height);
          if (y < 0) continue;
          for (int kx = 0; kx < s.kernel_width; ++kx) {
            const int x =
                taker(column, s.pad_left, kx * s.dilation_width, s.stride_width, s.out_width);
            if (x < 0) continue;
            const std::ptrdiff_t tap =
                ((std::ptrdiff_t(o) * inputs + c % inputs) * s.kernel_height + ky) *
                    s.kernel_width +
                kx;
            const std::ptrdiff_t at = (std::ptrdiff_t(o) * s.out_height + y) * s.out_width + x;
            sum += double(dy[at]) * weight[tap];
          }
        }
      dx[item * s.in_width + column] = static_cast<float>(sum);
    }
  }
}

// By the input.
inline void conv_input_gradient(const Member& t, const Conv& s, const float* dy,
                                const float* weight, float* dx) {
  conv_transpose(t, s, dy, weight, nullptr, dx);
}

// By the weight, summed over the images.
inline void conv_weight_gradient(const Member& t, const Conv& s, Batch<const float> in,
                                 Batch<const float> dy, float* dw) {
  const int inputs = s.in_channels / s.group_count, outputs = s.out_channels / s.group_count;
  const int taps = s.kernel_height * s.kernel_width;
  const std::ptrdiff_t weights = std::ptrdiff_t(s.out_channels) * inputs * taps;
  for (auto [tap, end] = share(t, weights); tap < end; ++tap) {
    const int ky = static_cast<int>(tap % taps) / s.kernel_width;
    const int kx = static_cast<int>(tap % taps) % s.kernel_width;
    const int o = static_cast<int>(tap / taps / inputs);
    const int c = o / outputs * inputs + static_cast<int>(tap / taps % inputs);
    double sum = 0;
    for (int image = 0; image < in.images; ++image)
      for (int y = 0; y < s.out_height; ++y) {
        const int row = y * s.stride_height + ky * s.dilation_height - s.pad_top;
        if (row < 0 || row >= s.in_height) continue;
        const float* from = in(image) + (std::ptrdiff_t(c) * s.in_height + row) * s.in_width;
        const float* by = dy(image) + (std::ptrdiff_t(o) * s.out_height + y) * s.out_width;
        for (int x = 0; x < s.out_width; ++x) {
          const int column = x * s.stride_width + kx * s.dilation_width - s.pad_left;
          if (column >= 0 && column < s.in_width) sum += double(from[column]) * by[x];
        }
      }
    dw[tap] = static_cast<float>(sum);
  }
}

}  // namespace incept::cpu::reference
