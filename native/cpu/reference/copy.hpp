// Copies: a branch into its channels of a concatenation; also flatten, identity and dropout.
#pragma once

#include "../shape.hpp"
#include "../team.hpp"

namespace incept::cpu::reference {

inline void copy(const Member& t, const Copy& s, const float* in, float* out) {
  for (auto [i, end] = share(t, s.channels * s.plane()); i < end; ++i)
    out[s.channel * s.plane() + i] = in[i];
}

}  // namespace incept::cpu::reference
