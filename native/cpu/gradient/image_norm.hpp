// The derivative, by x, of normalisation by the statistics of each image alone. The result may be
// written over either operand.
#pragma once

#include "../image_norm.hpp"

namespace incept::cpu {

// With g = dy * gamma: dx = inverse * (g - mean g - u * mean (g * u)); of one that is not centred
// dx = inverse * (g - u * sum (g * u)).
template <const ImageNorm& S, class Numbers = F32, class Isa = Native>
void image_norm_gradient(const Member& t, const Stored<Numbers>* x, const Stored<Numbers>* dy,
                         const Sum<Numbers>* gamma, Stored<Numbers>* dx) {
  using Sum = cpu::Sum<Numbers>;
  for (auto [set, end] = share(t, S.sets()); set < end; ++set) {
    const SetStatistics<S, Numbers, Isa> own(x, set);
    const auto given = [&](std::ptrdiff_t at, int c) INCEPT_ALWAYS_INLINE {
      return Numbers::read(dy[at]) * (gamma ? gamma[c] : 1);
    };
    double plain[kBlock] = {}, along[kBlock] = {};
    each_lanes<S>(set, [&](std::ptrdiff_t at, int c, int lanes) INCEPT_ALWAYS_INLINE {
      for (int i = 0; i < lanes; ++i) {
        const double g = given(at + i, c + i);
        plain[i] += g, along[i] += g * own.unit(Numbers::read(x[at + i]));
      }
    });
    for (int i = 1; i < kBlock; ++i) plain[0] += plain[i], along[0] += along[i];
    const Sum mean = S.is_centred ? static_cast<Sum>(plain[0] / S.count()) : 0;
    const Sum slope = static_cast<Sum>(along[0] / S.count());
    each_lanes<S>(set, [&](std::ptrdiff_t at, int c, int lanes) INCEPT_ALWAYS_INLINE {
      for (int i = 0; i < lanes; ++i) {
        const Sum u = own.unit(Numbers::read(x[at + i]));
        dx[at + i] = Numbers::write(own.inverse * (given(at + i, c + i) - mean - u * slope));
      }
    });
  }
}

}  // namespace incept::cpu
