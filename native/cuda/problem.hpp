// What is asked of the vendor's libraries, in their terms but without their headers.
#pragma once

#include <cstdint>

#include "../layers/layers.hpp"
#include "number.hpp"

namespace incept::cuda {

// Channels-last, n x c x h x w, strides (h * w * pitch, 1, w * pitch, pitch) in elements.
// `alignment` is what the address is a multiple of, in bytes, for every pixel of a strided one.
struct TensorLayout {
  std::int64_t n = 1, c = 1, h = 1, w = 1;
  std::int64_t pitch = 1;
  std::int64_t alignment = 16;
  bool dense() const { return pitch == c; }
};

// y = activation(conv(x, w) + bias): cross-correlation, weights [k][r][s][c / groups], `bias` k
// numbers of the same type. Sums are kept in f32.
struct ConvProblem {
  Type type = Type::kF32;
  bool tf32 = false;
  TensorLayout x, y;
  std::int64_t kernel[2] = {1, 1}, stride[2] = {1, 1}, dilation[2] = {1, 1};
  std::int64_t pad_before[2] = {0, 0}, pad_after[2] = {0, 0};
  std::int64_t groups = 1;
  bool bias = false;
  Activation activation = Activation::kNone;
};

// y[row][f] = sum_i x[row][i] * w[f][i] + bias[f]: rows of x are x_pitch elements apart, of y
// y_pitch, of w `inputs`. Sums are kept in f32.
struct MatmulProblem {
  Type type = Type::kF32;
  bool tf32 = false;
  std::int64_t rows = 1, inputs = 1, features = 1;
  std::int64_t x_pitch = 1, y_pitch = 1;
  std::int64_t x_alignment = 16, y_alignment = 16;  // Bytes, of the addresses.
  bool bias = false;
};

}  // namespace incept::cuda
