// The derivative of softmax across channels, pixel by pixel. The result may be written over either
// operand.
#pragma once

#include "../numbers.hpp"
#include "../team.hpp"

namespace incept::cpu {

// dx = y * (dy - sum (y * dy)).
template <const Softmax& S, class Numbers = F32, class Isa = Native>
void softmax_gradient(const Member& t, const Stored<Numbers>* y, const Stored<Numbers>* dy,
                      Stored<Numbers>* dx) {
  static_assert(compiled_for<Isa>);
  const auto at = [](std::ptrdiff_t p, int c) {
    return S.blocked ? (c / kBlock * S.plane() + p) * kBlock + c % kBlock : c;
  };
  for (auto [p, end] = share(t, S.plane()); p < end; ++p) {
    double sum = 0;
    for (int c = 0; c < S.channels; ++c)
      sum += double(Numbers::read(y[at(p, c)])) * Numbers::read(dy[at(p, c)]);
    for (int c = 0; c < S.channels; ++c)
      dx[at(p, c)] = Numbers::write(static_cast<Sum<Numbers>>(Numbers::read(y[at(p, c)]) *
                                                              (Numbers::read(dy[at(p, c)]) - sum)));
  }
}

}  // namespace incept::cpu
