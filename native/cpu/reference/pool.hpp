// Pooling on planar images.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "../shape.hpp"
#include "../team.hpp"

namespace incept::cpu::reference {

// Calls `pixel(plane, y, x)` and stores the activation of what it returns, for this member's share
// of the output.
template <class Layer, class Pixel>
void each_pixel(const Member& t, const Layer& s, int channels, const float* in, float* out,
                Pixel&& pixel) {
  const int in_plane = s.in_height * s.in_width, height = s.out_height, width = s.out_width;
  for (auto [c, end] = share(t, channels); c < end; ++c) {
    const float* plane = in + c * in_plane;
    float* result = out + c * height * width;
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x) *result++ = activated(s, pixel(plane, y, x));
  }
}

// Where a window lies in the image, and how many taps it has with those in the padding; what hangs
// over the padded image in ceil mode never counts (Caffe, PyTorch).
// Of taps that do not lie side by side it begins at the first in the image.
struct Cut {
  int top, left, bottom, right, padded;
};
inline int first_tap(int start, int dilation) {
  while (start < 0) start += dilation;
  return start;
}
inline Cut cut_at(const Pool& s, int y, int x) {
  const int top = y * s.stride_height - s.pad_top, left = x * s.stride_width - s.pad_left;
  const int bottom = std::min(top + s.span_height(), s.in_height + s.pad_bottom);
  const int right = std::min(left + s.span_width(), s.in_width + s.pad_right);
  return {first_tap(top, s.dilation_height), first_tap(left, s.dilation_width),
          std::min(bottom, s.in_height), std::min(right, s.in_width),
          (bottom - top) * (right - left)};
}

// What an average divides by: the window cut to the padded image (`counts_pad`) or to the image.
inline int counted(const Pool& s, const Cut& cut) {
  const int inside = std::max(cut.bottom - cut.top, 0) * std::max(cut.right - cut.left, 0);
  return std::max(s.counts_pad ? cut.padded : inside, 1);
}

// Padding is -inf: it never wins. A NaN in the window is the result. `tap` is its place among those
// in the image, row by row, the first of equals.
struct Greatest {
  float value;
  int tap;
};
inline Greatest greatest_of(const Pool& s, const float* plane, int y, int x) {
  const Cut cut = cut_at(s, y, x);
  Greatest best = {-std::numeric_limits<float>::infinity(), 0};
  int tap = 0;
  for (int r = cut.top; r < cut.bottom; r += s.dilation_height)
    for (int c = cut.left; c < cut.right; c += s.dilation_width, ++tap) {
      const float value = plane[r * s.in_width + c];
      if (value > best.value || std::isnan(value)) best = {value, tap};
      if (std::isnan(best.value)) return best;
    }
  return best;
}

inline void max_pool(const Member& t, const Pool& s, const float* in, float* out) {
  each_pixel(t, s, s.in_channels, in, out,
             [&](const float* plane, int y, int x) { return greatest_of(s, plane, y, x).value; });
}

// An empty window gives 0.
inline void avg_pool(const Member& t, const Pool& s, const float* in, float* out) {
  each_pixel(t, s, s.in_channels, in, out, [&](const float* plane, int y, int x) {
    const Cut cut = cut_at(s, y, x);
    double sum = 0;
    for (int r = cut.top; r < cut.bottom; ++r)
      for (int c = cut.left; c < cut.right; ++c) sum += plane[r * s.in_width + c];
    return static_cast<float>(sum / counted(s, cut));
  });
}

// PyTorch's bins: [floor(i * in / out), ceil((i + 1) * in / out)).
struct Bin {
  int top, left, bottom, right;
  int pixels() const { return (bottom - top) * (right - left); }
  bool covers(int row, int column) const {
    return row >= top && row < bottom && column >= left && column < right;
  }
};
inline Bin bin_at(const AdaptivePool& s, int y, int x) {
  return {y * s.in_height / s.out_height, x * s.in_width / s.out_width,
          ceil_div((y + 1) * s.in_height, s.out_height),
          ceil_div((x + 1) * s.in_width, s.out_width)};
}

inline void adaptive_avg_pool(const Member& t, const AdaptivePool& s, const float* in, float* out) {
  each_pixel(t, s, s.channels, in, out, [&](const float* plane, int y, int x) {
    const Bin bin = bin_at(s, y, x);
    double sum = 0;
    for (int r = bin.top; r < bin.bottom; ++r)
      for (int c = bin.left; c < bin.right; ++c) sum += plane[r * s.in_width + c];
    return static_cast<float>(sum / bin.pixels());
  });
}

}  // namespace incept::cpu::reference
