// The bias of one linear map in the place of two, where it differs from place to place: zeros
// around what the earlier one makes have none of its bias.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "../layers/layers.hpp"

namespace incept {

// Taps of a row of the later map's weight that lie on the image where it makes a place.
template <class Visit>
void each_tap(const Conv& s, int y, int x, Visit&& visit) {
  for (int ky = 0; ky < s.kernel_height; ++ky) {
    const int row = y * s.stride_height + ky * s.dilation_height - s.pad_top;
    if (row < 0 || row >= s.in_height) continue;
    for (int kx = 0; kx < s.kernel_width; ++kx) {
      const int column = x * s.stride_width + kx * s.dilation_width - s.pad_left;
      if (column < 0 || column >= s.in_width) continue;
      visit(ky * s.kernel_width + kx, std::ptrdiff_t(row) * s.in_width + column);
    }
  }
}

// `layer` is the later map on what the earlier one makes, `rows` its weight and `bias` its bias, or
// null; `shift` is the earlier one's bias. A bias is one number a channel or, `placed`, one a
// place. `out` is [out_channels][out_height][out_width]. All is summed in double and rounded once.
inline void compose_bias(const Conv& layer, const float* rows, const float* bias, bool bias_placed,
                         const float* shift, bool shift_placed, float* out) {
  const std::ptrdiff_t taps = std::ptrdiff_t(layer.kernel_height) * layer.kernel_width;
  const std::ptrdiff_t inner = std::ptrdiff_t(layer.in_height) * layer.in_width;
  const std::ptrdiff_t outer = std::ptrdiff_t(layer.out_height) * layer.out_width;
  // Of a shift that is the same everywhere: what it comes to by each tap.
  std::vector<double> of_tap(taps);
  for (int k = 0; k < layer.out_channels; ++k, rows += layer.in_channels * taps) {
    std::fill(of_tap.begin(), of_tap.end(), 0.0);
    for (int c = 0; c < layer.in_channels && !shift_placed; ++c)
      for (std::ptrdiff_t tap = 0; tap < taps; ++tap)
        of_tap[tap] += double(rows[c * taps + tap]) * shift[c];
    for (std::ptrdiff_t p = 0; p < outer; ++p) {
      double sum = bias == nullptr ? 0.0 : bias[bias_placed ? k * outer + p : k];
      each_tap(layer, int(p / layer.out_width), int(p % layer.out_width),
               [&](std::ptrdiff_t tap, std::ptrdiff_t place) {
                 if (!shift_placed) {
                   sum += of_tap[tap];
                   return;
                 }
                 for (int c = 0; c < layer.in_channels; ++c)
                   sum += double(rows[c * taps + tap]) * shift[c * inner + place];
               });
      *out++ = static_cast<float>(sum);
    }
  }
}

}  // namespace incept
