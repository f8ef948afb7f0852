// Normalisation by the statistics of each image alone.
#pragma once

#include <cmath>

#include "../shape.hpp"
#include "../team.hpp"

namespace incept::cpu::reference {

// What makes units of the numbers of a set: (x - mean) * inverse.
struct Statistics {
  double mean = 0, inverse = 0;

  double unit(float x) const { return (x - mean) * inverse; }
};

inline Statistics statistics(const ImageNorm& s, const float* in, std::ptrdiff_t set) {
  double mean = 0, squares = 0;
  if (s.is_centred)
    for (std::ptrdiff_t i = 0; i < s.size(); ++i) mean += in[s.place(set, i)] / s.count();
  for (std::ptrdiff_t i = 0; i < s.size(); ++i) {
    const double off = in[s.place(set, i)] - mean;
    squares += off * off;
  }
  return {mean, 1 / std::sqrt(squares / s.count() + s.epsilon)};
}

// u * gamma + beta; null gamma is 1, null beta 0. May run in place.
inline void image_norm(const Member& t, const ImageNorm& s, const float* in, const float* gamma,
                       const float* beta, float* out) {
  for (auto [set, end] = share(t, s.sets()); set < end; ++set) {
    const Statistics own = statistics(s, in, set);
    for (std::ptrdiff_t i = 0; i < s.size(); ++i) {
      const std::ptrdiff_t at = s.place(set, i), c = at / s.plane();
      const double u = own.unit(in[at]);
      out[at] = static_cast<float>(u * (gamma ? gamma[c] : 1.0) + (beta ? beta[c] : 0.0));
    }
  }
}

}  // namespace incept::cpu::reference
