// The derivatives of activations, and values that are one number everywhere.
#pragma once

#include "../../../layers/training.hpp"
#include "../../shape.hpp"
#include "../../team.hpp"

namespace incept::cpu::reference {

// `value` is x or y of the activation, whichever its derivative is by.
inline void activation_gradient(const Member& t, const Activate& s, const float* value,
                                const float* dy, float* dx) {
  for (auto [i, end] = share(t, s.channels * s.plane()); i < end; ++i)
    dx[i] = dy[i] * derivative(s, value[i]);
}

inline void fill(const Member& t, const Fill& s, float* out) {
  for (auto [i, end] = share(t, s.channels * s.plane()); i < end; ++i) out[i] = s.number;
}

}  // namespace incept::cpu::reference
