// The derivatives of a convolution, as their definitions read. Merged siblings are one convolution,
// of whose results dy is the one after the other.
#pragma once

#include "../../batch.hpp"
#include "../conv.hpp"

namespace incept::cpu::reference {

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
