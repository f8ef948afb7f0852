// Channels in another order: as a table with a row a group, read by columns.
#pragma once

#include "../shape.hpp"
#include "../team.hpp"

namespace incept::cpu::reference {

inline void shuffle(const Member& t, const Shuffle& s, const float* in, float* out) {
  for (auto [i, end] = share(t, s.channels * s.plane()); i < end; ++i) {
    const int channel = static_cast<int>(i / s.plane());
    out[i] = in[s.source(channel) * s.plane() + i % s.plane()];
  }
}

}  // namespace incept::cpu::reference
