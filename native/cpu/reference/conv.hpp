// The convolution and its transpose as their definitions read: planar, any stride, dilation,
// padding and groups, summed in double. Kept for good: they judge the fast kernels and run under
// --no-passes.
#pragma once

#include "../shape.hpp"
#include "../team.hpp"

namespace incept::cpu::reference {

// One pixel of output channel `o`: the window's taps that fall on the image.
inline double conv_sum(const Conv& s, const float* in, const float* weight, int o, int y, int x) {
  const int inputs = s.in_channels / s.group_count;
  const int first = o / (s.out_channels / s.group_count) * inputs;
  double sum = 0;
  for (int i = 0; i < inputs; ++i) {
    for (int ky = 0; ky < s.kernel_height; ++ky) {
      const int row = y * s.stride_height + ky * s.dilation_height - s.pad_top;
      if (row < 0 || row >= s.in_height) continue;
      for (int kx = 0; kx < s.kernel_width; ++kx) {
        const int column = x * s.stride_width + kx * s.dilation_width - s.pad_left;
        if (column < 0 || column >= s.in_width) continue;
        const std::ptrdiff_t from =
            (std::ptrdiff_t(first + i) * s.in_height + row) * s.in_width + column;
        const std::ptrdiff_t tap =
            ((std::ptrdiff_t(o) * inputs + i) * s.kernel_height + ky) * s.kernel_width + kx;
        sum += double(in[from]) * weight[tap];
      }
    }
  }
  return sum;
}

// `outs[segment]` as `conv` has them; `added` of the one output's shape, or null.
inline void conv_sums(const Member& t, const Conv& s, const float* in, const float* weight,
                      const float* bias, const float* added, float* const* outs) {
  const std::ptrdiff_t rows = std::ptrdiff_t(s.out_channels) * s.out_height;
  for (auto [item, end] = share(t, rows); item < end; ++item) {
    const int o = static_cast<int>(item / s.out_height), y = static_cast<int>(item % s.out_height);
    int segment = 0, channel = o;
    while (channel >= s.segment[segment]) channel -= s.segment[segment++];
    const std::ptrdiff_t at = (std::ptrdiff_t(channel) * s.out_height + y) * s.out_width;
    float* row = outs[segment] + at;
    for (int x = 0; x < s.out_width; ++x) {
      const double sum =
          conv_sum(s, in, weight, o, y, x) + (bias ? bias[o] : 0.0) + (added ? added[at + x] : 0.0);
      row[x] = activated(s, static_cast<float>(sum));
    }
  }
}

// `in` [C][H][W], `weight` [O][C / groups][kh][kw], `bias` [O] or null; one [c][oh][ow] output for
// each segment of `split`.
template <class... Out>
void conv(const Member& t, const Conv& s, const float* in, const float* weight, const float* bias,
          Out*... out) {
  float* const outs[] = {out...};
  conv_sums(t, s, in, weight, bias, nullptr, outs);
}

// The same for a layer that adds a value of its one output's shape.
inline void conv_add(const Member& t, const Conv& s, const float* in, const float* weight,
                     const float* bias, const float* added, float* out) {
  conv_sums(t, s, in, weight, bias, added, &out);
}

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

}  // namespace incept::cpu::reference
