// Batch normalisation folded into the convolution before it (Ioffe & Szegedy 2015, section 3).
#pragma once

#include <cmath>
#include <cstddef>

namespace incept {

// s = gamma / sqrt(variance + eps); weight'[o] = weight[o] * s; bias'[o] = (bias[o] - mean[o]) * s
// + beta[o]. `weight` is [rows][per_row], the rest [rows]; absent (null) bias and beta are 0,
// absent gamma is 1. Outputs may be the inputs themselves. Computed in double: it happens once.
inline void fold_batchnorm(std::size_t rows, std::size_t per_row, double eps, const float* weight,
                           const float* bias, const float* gamma, const float* beta,
                           const float* mean, const float* variance, float* weight_out,
                           float* bias_out) {
  for (std::size_t o = 0; o < rows; ++o) {
    const double s = (gamma ? gamma[o] : 1.0) / std::sqrt(variance[o] + eps);
    const double shifted = ((bias ? bias[o] : 0.0) - mean[o]) * s + (beta ? beta[o] : 0.0);
    for (std::size_t i = o * per_row; i < (o + 1) * per_row; ++i)
      weight_out[i] = static_cast<float>(weight[i] * s);
    bias_out[o] = static_cast<float>(shifted);
  }
}

}  // namespace incept
