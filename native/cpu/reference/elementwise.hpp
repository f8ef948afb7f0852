// Operators that look at one element at a time. All may run in place.
#pragma once

#include <cmath>

#include "../shape.hpp"
#include "../team.hpp"

namespace incept::cpu::reference {

inline void activate(const Member& t, const Activate& s, const float* in, float* out) {
  for (auto [i, end] = share(t, s.channels * s.plane()); i < end; ++i) out[i] = activated(s, in[i]);
}

// x where x > 0, else slope * x.
inline void prelu(const Member& t, const PRelu& s, const float* in, const float* slope,
                  float* out) {
  for (auto [i, end] = share(t, s.channels * s.plane()); i < end; ++i)
    out[i] = in[i] > 0 ? in[i] : slope[s.one_slope ? 0 : i / s.plane()] * in[i];
}

// x * factor + offset, one pair for all channels.
inline void scale(const Member& t, const Scale& s, const float* in, float* out) {
  for (auto [i, end] = share(t, s.channels * s.plane()); i < end; ++i)
    out[i] = in[i] * s.factor_ + s.offset_;
}

// x * factors[c] + offsets[c].
inline void scale(const Member& t, const Scale& s, const float* in, const float* factors,
                  const float* offsets, float* out) {
  for (auto [i, end] = share(t, s.channels * s.plane()); i < end; ++i)
    out[i] = in[i] * factors[i / s.plane()] + offsets[i / s.plane()];
}

// (x - mean) / sqrt(variance + eps) * gamma + beta; null gamma is 1, null beta 0.
inline void batch_norm(const Member& t, const BatchNorm& s, const float* in, const float* gamma,
                       const float* beta, const float* mean, const float* variance, float* out) {
  for (auto [i, end] = share(t, s.channels * s.plane()); i < end; ++i) {
    const std::ptrdiff_t c = i / s.plane();
    const double normal = (double(in[i]) - mean[c]) / std::sqrt(double(variance[c]) + s.epsilon);
    out[i] = static_cast<float>(normal * (gamma ? gamma[c] : 1.0) + (beta ? beta[c] : 0.0));
  }
}

}  // namespace incept::cpu::reference
