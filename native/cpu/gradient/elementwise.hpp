// The derivatives of activations, and values that are one number everywhere. The result may be
// written over any operand.
#pragma once

#include "../../layers/training.hpp"
#include "../numbers.hpp"
#include "../team.hpp"

namespace incept::cpu {

// `value` is x or y of the activation, whichever its derivative is by.
template <const Activate& S, class Numbers = F32, class Isa = Native>
void activation_gradient(const Member& t, const Stored<Numbers>* value, const Stored<Numbers>* dy,
                         Stored<Numbers>* dx) {
  static_assert(compiled_for<Isa>);
  const auto [begin, end] = share(t, extent(S));
  INCEPT_INDEPENDENT
  for (std::ptrdiff_t i = begin; i < end; ++i)
    dx[i] = Numbers::write(Numbers::read(dy[i]) * derivative(S, Numbers::read(value[i])));
}

template <const Fill& S, class Numbers = F32, class Isa = Native>
void fill(const Member& t, Stored<Numbers>* out) {
  static_assert(compiled_for<Isa>);
  for (auto [i, end] = share(t, extent(S)); i < end; ++i) out[i] = Numbers::write(S.number);
}

}  // namespace incept::cpu
