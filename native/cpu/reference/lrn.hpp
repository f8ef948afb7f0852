// Local response normalisation across channels (Krizhevsky et al. 2012, section 3.3).
#pragma once

#include <algorithm>
#include <cmath>

#include "../shape.hpp"
#include "../team.hpp"

namespace incept::cpu::reference {

// y = x / (k + alpha / size * sum of x^2 over the `size` channels around it) ^ beta; `size` is odd.
inline void lrn(const Member& t, const Lrn& s, const float* in, float* out) {
  const std::ptrdiff_t plane = s.plane();
  for (auto [c, end] = share(t, s.channels); c < end; ++c) {
    const std::ptrdiff_t first = std::max<std::ptrdiff_t>(c - s.size / 2, 0);
    const std::ptrdiff_t last = std::min<std::ptrdiff_t>(c + s.size / 2, s.channels - 1);
    for (std::ptrdiff_t p = 0; p < plane; ++p) {
      double sum = 0;
      for (std::ptrdiff_t i = first; i <= last; ++i)
        sum += double(in[i * plane + p]) * in[i * plane + p];
      const double base = s.k_ + double(s.alpha_) / s.size * sum;
      out[c * plane + p] = static_cast<float>(in[c * plane + p] * std::pow(base, -double(s.beta_)));
    }
  }
}

}  // namespace incept::cpu::reference
