// The derivatives of pools, and the max pool that says which tap it took. Each pixel of the input
// adds up what the windows over it give.
#pragma once

#include <algorithm>

#include "../pool.hpp"

namespace incept::cpu::reference {

// Beside each number the tap that it is: its place among those of the window that lie in the image,
// row by row, the first of equals.
template <class Tap>
void max_pool_taps(const Member& t, const Pool& s, const float* in, float* out, Tap* taps) {
  const std::ptrdiff_t plane = std::ptrdiff_t(s.out_height) * s.out_width;
  for (auto [c, end] = share(t, s.in_channels); c < end; ++c) {
    const float* channel = in + c * s.in_height * s.in_width;
    for (std::ptrdiff_t at = 0; at < plane; ++at) {
      const int y = static_cast<int>(at / s.out_width), x = static_cast<int>(at % s.out_width);
      const Greatest greatest = greatest_of(s, channel, y, x);
      out[c * plane + at] = greatest.value;
      taps[c * plane + at] = static_cast<Tap>(greatest.tap);
    }
  }
}

// Calls `visit(at, cut)` for each window over a pixel: its place in the result's plane, and where
// it lies.
template <class Visit>
void each_window_over(const Pool& s, int row, int column, Visit&& visit) {
  const auto first = [](int at, int pad, int kernel, int stride) {
    return std::max(ceil_div(at + pad - kernel + 1, stride), 0);
  };
  const auto last = [](int at, int pad, int stride, int count) {
    return std::min((at + pad) / stride, count - 1);
  };
  for (int y = first(row, s.pad_top, s.span_height(), s.stride_height);
       y <= last(row, s.pad_top, s.stride_height, s.out_height); ++y)
    for (int x = first(column, s.pad_left, s.span_width(), s.stride_width);
         x <= last(column, s.pad_left, s.stride_width, s.out_width); ++x)
      visit(y * s.out_width + x, cut_at(s, y, x));
}

// `sum(channel, row, column)` of each pixel of the input.
template <class Sum>
void each_input(const Member& t, int channels, int height, int width, float* dx, Sum&& sum) {
  for (auto [c, end] = share(t, channels); c < end; ++c)
    for (int row = 0; row < height; ++row)
      for (int column = 0; column < width; ++column)
        dx[(c * height + row) * width + column] = static_cast<float>(sum(c, row, column));
}

// The place of a pixel among a window's taps in the image; -1 where it lies between them.
inline int tap_of(const Pool& s, const Cut& cut, int row, int column) {
  const int down = row - cut.top, across = column - cut.left;
  if (down % s.dilation_height != 0 || across % s.dilation_width != 0) return -1;
  return down / s.dilation_height * ceil_div(cut.right - cut.left, s.dilation_width) +
         across / s.dilation_width;
}

template <class Tap>
void max_pool_gradient(const Member& t, const Pool& s, const Tap* taps, const float* dy,
                       float* dx) {
  const std::ptrdiff_t plane = std::ptrdiff_t(s.out_height) * s.out_width;
  each_input(t, s.in_channels, s.in_height, s.in_width, dx,
             [&](std::ptrdiff_t c, int row, int column) {
               double sum = 0;
               each_window_over(s, row, column, [&](int at, const Cut& cut) {
                 const int own = tap_of(s, cut, row, column);
                 if (own >= 0 && static_cast<int>(taps[c * plane + at]) == own)
                   sum += dy[c * plane + at];
               });
               return sum;
             });
}

inline void avg_pool_gradient(const Member& t, const Pool& s, const float* dy, float* dx) {
  const std::ptrdiff_t plane = std::ptrdiff_t(s.out_height) * s.out_width;
  each_input(t, s.in_channels, s.in_height, s.in_width, dx,
             [&](std::ptrdiff_t c, int row, int column) {
               double sum = 0;
               each_window_over(s, row, column, [&](int at, const Cut& cut) {
                 sum += double(dy[c * plane + at]) / counted(s, cut);
               });
               return sum;
             });
}

inline void adaptive_avg_pool_gradient(const Member& t, const AdaptivePool& s, const float* dy,
                                       float* dx) {
  each_input(t, s.channels, s.in_height, s.in_width, dx,
             [&](std::ptrdiff_t c, int row, int column) {
               double sum = 0;
               for (int y = 0; y < s.out_height; ++y)
                 for (int x = 0; x < s.out_width; ++x) {
                   const Bin bin = bin_at(s, y, x);
                   if (bin.covers(row, column))
                     sum += double(dy[(c * s.out_height + y) * s.out_width + x]) / bin.pixels();
                 }
               return sum;
             });
}

}  // namespace incept::cpu::reference
