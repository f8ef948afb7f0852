// The machine's peak of fused multiply-adds: what percentages of it are percent of.
#pragma once

#ifdef __linux__
#include <sched.h>
#endif

#include <algorithm>
#include <chrono>
#include <limits>
#include <type_traits>

#include "../cpu/simd.hpp"
#include "../cpu/team.hpp"

namespace incept::peak {

inline double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Gives each member a core of its own: on a busy machine they would else often share one. Where
// that cannot be, or is not Linux, they stay where they are.
inline void pin(cpu::Team& team) {
#ifdef __linux__
  // What the process was given: afterwards the calling thread has one core.
  static const cpu_set_t allowed = [] {
    cpu_set_t cores;
    if (sched_getaffinity(0, sizeof cores, &cores) != 0) CPU_ZERO(&cores);
    return cores;
  }();
  if (team.size() > CPU_COUNT(&allowed)) return;
  team.run([&](cpu::Member& t) {
    int core = 0;
    for (int before = 0; core < CPU_SETSIZE; ++core)
      if (CPU_ISSET(core, &allowed) && before++ == t.rank()) break;
    cpu_set_t own;
    CPU_ZERO(&own);
    CPU_SET(core, &own);
    sched_setaffinity(0, sizeof own, &own);
  });
#else
  static_cast<void>(team);
#endif
}

// Shortest time of `work` in seconds, tried for `budget` seconds: other processes only ever make
// one slower. Each run is one parallel region.
template <class Work>
double best(cpu::Team& team, double budget, Work&& work) {
  double shortest = std::numeric_limits<double>::infinity();
  for (double start = seconds(); seconds() - start < budget;) {
    const double from = seconds();
    team.run(work);
    shortest = std::min(shortest, seconds() - from);
  }
  return shortest;
}

// GFLOP/s of independent chains of multiply-adds that never leave the registers; a multiply-add
// counts twice. As many chains as hide its latency and leave registers for the two factors: AVX2
// has 16, the others 32, and SSE, which has no such instruction, takes two for it.
inline double gigaflops(cpu::Team& team, double budget) {
  constexpr int chains = cpu::Native::kLanes == 16 ? 24 : 12, turns = 20000;
  using Simd = cpu::Register<float, cpu::Native>;
  static volatile float sink, factor = 0.999f, term = 1e-3f;
  const double time = best(team, budget, [](cpu::Member&) {
    Simd::Vec sum[chains];
    for (int i = 0; i < chains; ++i) sum[i] = Simd::all(1e-3f * i);
    const Simd::Vec f = Simd::all(factor), a = Simd::all(term);
    for (int turn = 0; turn < turns; ++turn) {
      INCEPT_UNROLL
      for (int i = 0; i < chains; ++i) sum[i] = sum[i] * f + a;
    }
    Simd::Vec total{};
    for (int i = 0; i < chains; ++i) total += sum[i];
    sink = total[0];
  });
  return 2.0 * chains * turns * cpu::Native::kLanes * team.size() / time * 1e-9;
}

}  // namespace incept::peak
