// The clock of laps.h. Each thread counts for itself: the one that called the run is busy from its
// beginning to its end, so that its laps add up to the run, also where each thread walks images of
// its own.
#include "laps.hpp"

#include <chrono>
#include <cstddef>
#include <vector>

#include "../abi/laps.h"
#include "team.hpp"

namespace incept::cpu {
namespace {

using Clock = std::chrono::steady_clock;

thread_local Clock::time_point last;
thread_local std::vector<double> laps;  // Nanoseconds by section.

}  // namespace

// Every thread comes to the end of a section: one that ran ahead of the caller would compute the
// next one before the caller looks at the clock.
void start_laps(Member& t) {
  t.owe();
  last = Clock::now();
}

void lap(Member& t, int section) {
  t.owe();
  const Clock::time_point now = Clock::now();
  const std::size_t at = static_cast<std::size_t>(section);
  if (laps.size() <= at) laps.resize(at + 1);
  laps[at] += std::chrono::duration<double, std::nano>(now - last).count();
  last = now;
}

}  // namespace incept::cpu

void incept_laps(double* nanoseconds, std::size_t count) {
  std::vector<double>& laps = incept::cpu::laps;
  for (std::size_t i = 0; i < count; ++i) nanoseconds[i] = i < laps.size() ? laps[i] : 0;
  laps.clear();
}
