// Softmax across channels, pixel by pixel.
#pragma once

#include <cmath>

#include "numbers.hpp"
#include "team.hpp"

namespace incept::cpu {

// The greatest input is subtracted first, so that nothing overflows. May run in place.
template <const Softmax& S, class Numbers = F32, class Isa = Native>
void softmax(const Member& t, const Stored<Numbers>* in, Stored<Numbers>* out) {
  static_assert(compiled_for<Isa>);
  const auto at = [](int c) {
    return S.blocked ? c / kBlock * S.plane() * kBlock + c % kBlock : c;
  };
  for (auto [p, end] = share(t, S.plane()); p < end; ++p) {
    const Stored<Numbers>* x = in + p * kBlock;
    Stored<Numbers>* y = out + p * kBlock;
    Sum<Numbers> greatest = Numbers::read(x[0]);
    for (int c = 1; c < S.channels; ++c) {
      const Sum<Numbers> number = Numbers::read(x[at(c)]);
      greatest = number > greatest ? number : greatest;
    }
    double sum = 0;
    for (int c = 0; c < S.channels; ++c) {
      const Sum<Numbers> power = std::exp(Numbers::read(x[at(c)]) - greatest);
      y[at(c)] = Numbers::write(power);
      sum += power;
    }
    for (int c = 0; c < S.channels; ++c)
      y[at(c)] = Numbers::write(static_cast<Sum<Numbers>>(Numbers::read(y[at(c)]) / sum));
  }
}

}  // namespace incept::cpu
