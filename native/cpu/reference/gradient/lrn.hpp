// The derivative of local response normalisation.
#pragma once

#include <cmath>

#include "../lrn.hpp"

namespace incept::cpu::reference {

// With s = k + alpha / size * sum x^2: dx = dy * s ^ -beta - 2 * alpha * beta / size * x *
// sum (dy * x * s ^ (-beta - 1)), the sum over the channels in whose window this one lies.
inline void lrn_gradient(const Member& t, const Lrn& s, const float* x, const float* dy,
                         float* dx) {
  const std::ptrdiff_t plane = s.plane();
  const double factor = 2 * double(s.alpha_) * s.beta_ / s.size;
  for (auto [c, end] = share(t, s.channels); c < end; ++c) {
    const LrnWindow window = lrn_window(s, c);
    for (std::ptrdiff_t p = 0; p < plane; ++p) {
      double shared = 0;
      for (std::ptrdiff_t i = window.first; i <= window.last; ++i)
        shared += double(dy[i * plane + p]) * x[i * plane + p] *
                  std::pow(lrn_base(s, x, i, p), -double(s.beta_) - 1);
      const double own = dy[c * plane + p] * std::pow(lrn_base(s, x, c, p), -double(s.beta_));
      dx[c * plane + p] = static_cast<float>(own - factor * x[c * plane + p] * shared);
    }
  }
}

}  // namespace incept::cpu::reference
