// The derivatives of the fully connected layer.
#pragma once

#include "../../batch.hpp"
#include "../../shape.hpp"
#include "../../team.hpp"

namespace incept::cpu::reference {

// By the input: `dy` [features], `weight` [features][n], `dx` [n].
inline void linear_input_gradient(const Member& t, const Linear& s, const float* dy,
                                  const float* weight, float* dx) {
  const std::ptrdiff_t n = s.channels * s.plane();
  for (auto [i, end] = share(t, n); i < end; ++i) {
    double sum = 0;
    for (int f = 0; f < s.feature_count; ++f) sum += double(dy[f]) * weight[f * n + i];
    dx[i] = static_cast<float>(sum);
  }
}

// By the weight, summed over the images.
inline void linear_weight_gradient(const Member& t, const Linear& s, Batch<const float> in,
                                   Batch<const float> dy, float* dw) {
  const std::ptrdiff_t n = s.channels * s.plane();
  for (auto [at, end] = share(t, s.feature_count * n); at < end; ++at) {
    double sum = 0;
    for (int image = 0; image < in.images; ++image)
      sum += double(dy(image)[at / n]) * in(image)[at % n];
    dw[at] = static_cast<float>(sum);
  }
}

}  // namespace incept::cpu::reference
