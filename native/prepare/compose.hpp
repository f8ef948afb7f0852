// The weights of one linear map in the place of two, one after the other. Each row of the later map
// is brought through the earlier one as its derivative is: what p is multiplied with, everything
// that p is made of is by its share. All is summed in double and rounded once.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "../layers/layers.hpp"

namespace incept {

// The pixels [begin, end) of a result's row or column whose tap, which begins at `first` and moves
// by `stride`, lies in an image of `size`.
struct Reach {
  int begin, end;
};

inline Reach reach_of(int first, int stride, int count, int size) {
  const int begin = first >= 0 ? 0 : (-first + stride - 1) / stride;
  const int end = first >= size ? 0 : std::min(count, (size - first + stride - 1) / stride);
  return {begin, std::max(begin, end)};
}

// Where the taps of a kernel lie in one plane of the later map's row (what the layer makes) and in
// one of the result's (what it reads): to += from * factor for each tap.
inline void spread_plane(const Conv& s, const double* from, const float* factors, double* to) {
  for (int ky = 0; ky < s.kernel_height; ++ky)
    for (int kx = 0; kx < s.kernel_width; ++kx) {
      const double factor = *factors++;
      const int top = ky * s.dilation_height - s.pad_top;
      const int left = kx * s.dilation_width - s.pad_left;
      const Reach rows = reach_of(top, s.stride_height, s.out_height, s.in_height);
      const Reach columns = reach_of(left, s.stride_width, s.out_width, s.in_width);
      for (int y = rows.begin; y < rows.end; ++y) {
        const double* const in = from + std::ptrdiff_t(y) * s.out_width;
        double* const out = to + std::ptrdiff_t(top + y * s.stride_height) * s.in_width + left;
        if (s.stride_width == 1)
          for (int x = columns.begin; x < columns.end; ++x) out[x] += factor * in[x];
        else
          for (int x = columns.begin; x < columns.end; ++x)
            out[std::ptrdiff_t(x) * s.stride_width] += factor * in[x];
      }
    }
}

// A kernel that is as large as what it lies on: every weight has one place.
constexpr bool lies_whole(const Conv& s) {
  return s.group_count == 1 && !s.padded() && s.out_height == 1 && s.out_width == 1 &&
         s.dilation_height == 1 && s.dilation_width == 1 && s.kernel_height == s.in_height &&
         s.kernel_width == s.in_width;
}

// One row: `from` is what the layer's results are multiplied with, `to` what its inputs are.
inline void spread_row(const Conv& s, const double* from, const float* weight, double* to) {
  const std::ptrdiff_t inner = std::ptrdiff_t(s.out_height) * s.out_width;
  const std::ptrdiff_t outer = std::ptrdiff_t(s.in_height) * s.in_width;
  const std::ptrdiff_t all = outer * s.in_channels;
  std::fill(to, to + all, 0.0);
  if (lies_whole(s)) {
    for (int m = 0; m < s.out_channels; ++m)
      for (std::ptrdiff_t q = 0; q < all; ++q) to[q] += from[m] * *weight++;
    return;
  }
  const int depth = s.in_channels / s.group_count, width = s.out_channels / s.group_count;
  const std::ptrdiff_t taps = std::ptrdiff_t(s.kernel_height) * s.kernel_width;
  for (int i = 0; i < s.in_channels; ++i)
    for (int m = i / depth * width; m < (i / depth + 1) * width; ++m)
      spread_plane(s, from + m * inner, weight + (std::ptrdiff_t(m) * depth + i % depth) * taps,
                   to + i * outer);
}

// `rows` is [count][what the layer makes], `bias` [count], `weight` the layer's, `shift` its bias;
// `out` is [count][what it reads], `out_bias` [count]. An absent (null) bias or shift is zeros;
// out_bias is null where both are.
inline void compose(const Conv& layer, std::size_t count, const float* rows, const float* bias,
                    const float* weight, const float* shift, float* out, float* out_bias) {
  const std::ptrdiff_t inner = std::ptrdiff_t(layer.out_height) * layer.out_width;
  std::vector<double> from(layer.out_channels * inner);
  std::vector<double> to(std::size_t(layer.in_channels) * layer.in_height * layer.in_width);
  for (std::size_t r = 0; r < count; ++r, rows += from.size(), out += to.size()) {
    std::copy(rows, rows + from.size(), from.begin());
    spread_row(layer, from.data(), weight, to.data());
    std::transform(to.begin(), to.end(), out, [](double sum) { return static_cast<float>(sum); });
    if (!out_bias) continue;
    double sum = bias ? bias[r] : 0.0;
    if (shift)
      for (std::size_t p = 0; p < from.size(); ++p) sum += from[p] * shift[p / inner];
    out_bias[r] = static_cast<float>(sum);
  }
}

// The same through a pool that averages: `rows` is [count][channels * its plane].
inline void compose_average(const Pool& s, std::size_t count, const float* rows, float* out) {
  const std::ptrdiff_t plane = std::ptrdiff_t(s.in_height) * s.in_width;
  std::vector<double> to(plane);
  for (std::size_t image = 0; image < count * s.in_channels; ++image, out += plane) {
    std::fill(to.begin(), to.end(), 0.0);
    for (int row = 0; row < s.out_height; ++row)
      for (int column = 0; column < s.out_width; ++column) {
        const int top = row * s.stride_height - s.pad_top;
        const int left = column * s.stride_width - s.pad_left;
        // Padding counts, the overhang of ceil mode beyond it does not.
        const int below = std::min(top + s.kernel_height, s.in_height + s.pad_bottom);
        const int right = std::min(left + s.kernel_width, s.in_width + s.pad_right);
        const int y0 = std::max(top, 0), y1 = std::min(below, s.in_height);
        const int x0 = std::max(left, 0), x1 = std::min(right, s.in_width);
        const double taps =
            s.counts_pad ? double(below - top) * (right - left) : double(y1 - y0) * (x1 - x0);
        const double share = *rows++ / taps;
        for (int y = y0; y < y1; ++y)
          for (int x = x0; x < x1; ++x) to[std::ptrdiff_t(y) * s.in_width + x] += share;
      }
    std::transform(to.begin(), to.end(), out, [](double sum) { return static_cast<float>(sum); });
  }
}

}  // namespace incept
