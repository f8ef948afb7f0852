// Local response normalisation across channels (Krizhevsky et al. 2012, section 3.3).
#pragma once

#include <algorithm>
#include <cmath>

#include "../shape.hpp"
#include "../team.hpp"

namespace incept::cpu::reference {

// The channels around one that are summed over; `size` is odd.
struct LrnWindow {
  std::ptrdiff_t first, last;
};
inline LrnWindow lrn_window(const Lrn& s, std::ptrdiff_t c) {
  return {std::max<std::ptrdiff_t>(c - s.size / 2, 0),
          std::min<std::ptrdiff_t>(c + s.size / 2, s.channels - 1)};
}

// k + alpha / size * sum of x^2 over the window around channel `c` of pixel `p`.
inline double lrn_base(const Lrn& s, const float* in, std::ptrdiff_t c, std::ptrdiff_t p) {
  const LrnWindow window = lrn_window(s, c);
  double sum = 0;
  for (std::ptrdiff_t i = window.first; i <= window.last; ++i)
    sum += double(in[i * s.plane() + p]) * in[i * s.plane() + p];
  return s.k_ + double(s.alpha_) / s.size * sum;
}

// y = x / base ^ beta.
inline void lrn(const Member& t, const Lrn& s, const float* in, float* out) {
  const std::ptrdiff_t plane = s.plane();
  for (auto [c, end] = share(t, s.channels); c < end; ++c)
    for (std::ptrdiff_t p = 0; p < plane; ++p)
      out[c * plane + p] =
          static_cast<float>(in[c * plane + p] * std::pow(lrn_base(s, in, c, p), -double(s.beta_)));
}

}  // namespace incept::cpu::reference
