// What the benchmarks of kernels share: the shortest time of a parallel region, and a core for each
// thread.
#pragma once

#ifdef __linux__
#include <sched.h>
#endif

#include <algorithm>
#include <chrono>

#include "team.hpp"

namespace bench {

using incept::cpu::Member;
using incept::cpu::Team;

// For how many seconds each figure is tried.
inline double budget = 0.2;

inline double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Shortest time of `work` in seconds; each run is one parallel region.
template <class Work>
double best(Team& team, Work&& work) {
  double shortest = 1e9;
  for (double start = seconds(); seconds() - start < budget;) {
    const double from = seconds();
    team.run(work);
    shortest = std::min(shortest, seconds() - from);
  }
  return shortest;
}

// Gives each member a core of its own: on a busy machine they would else often share one.
inline void pin(Team& team) {
#ifdef __linux__
  team.run([](Member& t) {
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET(t.rank(), &cores);
    sched_setaffinity(0, sizeof cores, &cores);
  });
#else
  (void)team;
#endif
}

}  // namespace bench
