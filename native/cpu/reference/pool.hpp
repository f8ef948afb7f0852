// Pooling on planar images.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "../shape.hpp"
#include "../team.hpp"

namespace incept::cpu::reference {

// Calls `pixel(plane, y, x)` and stores what it returns, for this member's share of the output.
template <class Pixel>
void each_pixel(const Member& t, int channels, int in_plane, int height, int width, const float* in,
                float* out, Pixel&& pixel) {
  for (auto [c, end] = share(t, channels); c < end; ++c) {
    const float* plane = in + c * in_plane;
    float* result = out + c * height * width;
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x) *result++ = pixel(plane, y, x);
  }
}

// Padding is -inf: it never wins. A NaN in the window is the result.
inline void max_pool(const Member& t, const Pool& s, const float* in, float* out) {
  each_pixel(t, s.in_channels, s.in_height * s.in_width, s.out_height, s.out_width, in, out,
             [&](const float* plane, int y, int x) {
               const int top = y * s.stride_height - s.pad_top;
               const int left = x * s.stride_width - s.pad_left;
               float best = -std::numeric_limits<float>::infinity();
               for (int r = std::max(top, 0); r < std::min(top + s.kernel_height, s.in_height); ++r)
                 for (int c = std::max(left, 0); c < std::min(left + s.kernel_width, s.in_width);
                      ++c) {
                   const float value = plane[r * s.in_width + c];
                   if (value > best || std::isnan(value)) best = value;
                   if (std::isnan(best)) return best;
                 }
               return best;
             });
}

// The mean over the window cut to the padded image (`counts_pad`) or to the image itself; what
// hangs over the padded image in ceil mode never counts (Caffe, PyTorch). An empty window gives 0.
inline void avg_pool(const Member& t, const Pool& s, const float* in, float* out) {
  each_pixel(t, s.in_channels, s.in_height * s.in_width, s.out_height, s.out_width, in, out,
             [&](const float* plane, int y, int x) {
               const int top = y * s.stride_height - s.pad_top;
               const int left = x * s.stride_width - s.pad_left;
               const int bottom = std::min(top + s.kernel_height, s.in_height + s.pad_bottom);
               const int right = std::min(left + s.kernel_width, s.in_width + s.pad_right);
               double sum = 0;
               int inside = 0;
               for (int r = std::max(top, 0); r < std::min(bottom, s.in_height); ++r)
                 for (int c = std::max(left, 0); c < std::min(right, s.in_width); ++c)
                   sum += plane[r * s.in_width + c], ++inside;
               const int count = s.counts_pad ? (bottom - top) * (right - left) : inside;
               return static_cast<float>(sum / std::max(count, 1));
             });
}

// PyTorch's bins: [floor(i * in / out), ceil((i + 1) * in / out)).
inline void adaptive_avg_pool(const Member& t, const AdaptivePool& s, const float* in, float* out) {
  each_pixel(t, s.channels, s.in_height * s.in_width, s.out_height, s.out_width, in, out,
             [&](const float* plane, int y, int x) {
               const int top = y * s.in_height / s.out_height;
               const int bottom = ceil_div((y + 1) * s.in_height, s.out_height);
               const int left = x * s.in_width / s.out_width;
               const int right = ceil_div((x + 1) * s.in_width, s.out_width);
               double sum = 0;
               for (int r = top; r < bottom; ++r)
                 for (int c = left; c < right; ++c) sum += plane[r * s.in_width + c];
               return static_cast<float>(sum / ((bottom - top) * (right - left)));
             });
}

}  // namespace incept::cpu::reference
