// The derivative, by x, of normalisation by the statistics of each image alone.
#pragma once

#include "../image_norm.hpp"

namespace incept::cpu::reference {

// With g = dy * gamma: dx = inverse * (g - mean g - u * mean (g * u)); of one that is not centred
// dx = inverse * (g - u * sum (g * u)). May run over either operand.
inline void image_norm_gradient(const Member& t, const ImageNorm& s, const float* x,
                                const float* dy, const float* gamma, float* dx) {
  for (auto [set, end] = share(t, s.sets()); set < end; ++set) {
    const Statistics own = statistics(s, x, set);
    const auto given = [&](std::ptrdiff_t at) {
      return dy[at] * (gamma ? double(gamma[at / s.plane()]) : 1.0);
    };
    double plain = 0, along = 0;
    for (std::ptrdiff_t i = 0; i < s.size(); ++i) {
      const std::ptrdiff_t at = s.place(set, i);
      if (s.is_centred) plain += given(at) / s.count();
      along += given(at) * own.unit(x[at]) / s.count();
    }
    for (std::ptrdiff_t i = 0; i < s.size(); ++i) {
      const std::ptrdiff_t at = s.place(set, i);
      const double rest = given(at) - plain - own.unit(x[at]) * along;
      dx[at] = static_cast<float>(own.inverse * rest);
    }
  }
}

}  // namespace incept::cpu::reference
