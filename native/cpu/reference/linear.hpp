// The fully connected layer.
#pragma once

#include "../shape.hpp"
#include "../team.hpp"

namespace incept::cpu::reference {

// `in` [n] (an image in C, H, W order), `weight` [features][n], `bias` [features] or null.
inline void linear(const Member& t, const Linear& s, const float* in, const float* weight,
                   const float* bias, float* out) {
  const std::ptrdiff_t n = s.channels * s.plane();
  for (auto [f, end] = share(t, s.feature_count); f < end; ++f) {
    double sum = bias ? bias[f] : 0.0;
    for (std::ptrdiff_t i = 0; i < n; ++i) sum += double(in[i]) * weight[f * n + i];
    out[f] = activated(s, static_cast<float>(sum));
  }
}

}  // namespace incept::cpu::reference
