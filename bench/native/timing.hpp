// What the benchmarks of kernels share: the shortest time of a parallel region, and a core for each
// thread.
#pragma once

#include <utility>

#include "../../native/peak/peak.hpp"

namespace bench {

using incept::peak::pin;
using incept::peak::seconds;

// For how many seconds each figure is tried.
inline double budget = 0.2;

// Shortest time of `work` in seconds; each run is one parallel region.
template <class Work>
double best(incept::cpu::Team& team, Work&& work) {
  return incept::peak::best(team, budget, std::forward<Work>(work));
}

}  // namespace bench
