// The derivative of a convolution by its weight: `conv_weight_gradient<S, Algorithm>(t, ...)`, S
// being the convolution. Each algorithm is a header beside this one; include that.
//
// dw[o][i][ky][kx] is the sum of x[i][y * stride + ky * dilation - pad][...] * dy[o][y][...] over
// the pixels of all images. Members share out what is summed, never what is summed over, so that
// no result hangs on how many they are; and sums go to memory once a chunk of some hundred pixels,
// which keeps their rounding small.
//
// An algorithm is a struct:
//   fits(s)       whether it computes the layer
//   workspace(s)  bytes that it needs while it runs, a multiple of 64: of all images together
//   run<S, Numbers, Isa>(t, x, dy, workspace, dw)
#pragma once

#include "../batch.hpp"
#include "../team.hpp"
#include "products.hpp"

namespace incept::cpu {

// `dw` is [out][in / groups][kernel height][kernel width], as the checkpoint has the weight.
template <const Conv& S, class Algorithm, class Numbers = F32, class Isa = Native>
void conv_weight_gradient(Member& t, Batch<const Stored<Numbers>> x,
                          Batch<const Stored<Numbers>> dy, Sum<Numbers>* workspace,
                          Sum<Numbers>* dw) {
  static_assert(Algorithm::fits(S), "the algorithm does not compute this layer");
  Algorithm::template run<S, Numbers, Isa>(t, x, dy, workspace, dw);
}

// Half-open.
struct Range {
  int begin, end;

  constexpr Range within(Range other) const {
    return {std::max(begin, other.begin), std::min(end, other.end)};
  }
  constexpr int size() const { return end > begin ? end - begin : 0; }
};

// The outputs of one axis whose tap, `offset` from where the window's stride begins, falls on the
// image.
constexpr Range outputs_of_tap(int outputs, int inputs, int stride, int offset) {
  const int begin = offset >= 0 ? 0 : ceil_div(-offset, stride);
  const int end = offset >= inputs ? 0 : ceil_div(inputs - offset, stride);
  return Range{0, outputs}.within({begin, end});
}

// Where the taps of one row or column of the kernel fall.
constexpr int tap_row(const Conv& s, int ky) {
  return ky * s.dilation_height - s.pad_top;
}
constexpr int tap_column(const Conv& s, int kx) {
  return kx * s.dilation_width - s.pad_left;
}

// The output rows and columns of each tap of a layer, found once: the sums ask for them again and
// again.
struct TapRanges {
  const Range *rows, *columns;  // By ky, by kx.
};
template <const Conv& S>
struct RangesOf {
  Range rows[S.kernel_height] = {}, columns[S.kernel_width] = {};

  constexpr RangesOf() {
    for (int ky = 0; ky < S.kernel_height; ++ky)
      rows[ky] = outputs_of_tap(S.out_height, S.in_height, S.stride_height, tap_row(S, ky));
    for (int kx = 0; kx < S.kernel_width; ++kx)
      columns[kx] = outputs_of_tap(S.out_width, S.in_width, S.stride_width, tap_column(S, kx));
  }
};
template <const Conv& S>
constexpr RangesOf<S> kRangesOf{};
template <const Conv& S>
constexpr TapRanges ranges_of() {
  return {kRangesOf<S>.rows, kRangesOf<S>.columns};
}

// Images, and rows of each, whose pixels are summed before the sums go to memory: what stays in the
// first cache with a block of each operand.
struct Chunk {
  int image, images;
  Range rows;
};

// Calls `function(chunk)` for the chunks of about `pixels` output pixels, in their order.
template <class Function>
void each_chunk(const Conv& s, int images, int pixels, Function&& function) {
  const int rows = std::clamp(pixels / s.out_width, 1, s.out_height);
  const int at_once = rows < s.out_height ? 1 : std::max(1, pixels / (rows * s.out_width));
  for (int image = 0; image < images; image += at_once)
    for (int y = 0; y < s.out_height; y += rows)
      function(
          Chunk{image, std::min(at_once, images - image), {y, std::min(y + rows, s.out_height)}});
}

}  // namespace incept::cpu
