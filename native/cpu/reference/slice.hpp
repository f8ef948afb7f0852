// Some channels of a value, into a value of their own.
#pragma once

#include "../shape.hpp"
#include "../team.hpp"

namespace incept::cpu::reference {

inline void slice(const Member& t, const Slice& s, const float* in, float* out) {
  for (auto [i, end] = share(t, s.channels * s.plane()); i < end; ++i)
    out[i] = in[s.channel * s.plane() + i];
}

}  // namespace incept::cpu::reference
