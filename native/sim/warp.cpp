// The barrier of a warp's lanes, and shuffles, which are one with an exchange.
#include <algorithm>

#include "../cuda/failure.hpp"
#include "runner.hpp"

namespace incept::cuda::sim {

// That the lanes named do the same as `me`, as far as they have arrived.
void Runner::check_lanes(const Thread& me, unsigned mask) {
  const int first = running.thread / kWarp * kWarp;
  const char* what = me.kind == Shuffle::kNone ? "__syncwarp" : "a shuffle";
  if ((mask >> (running.thread % kWarp) & 1) == 0)
    violation("sim/divergence", text("calls %s at %s with a mask, %08x, that leaves it out itself",
                                     what, text_of(me.site).c_str(), mask));
  for (int lane = 0; lane < kWarp; ++lane) {
    if ((mask >> lane & 1) == 0) continue;
    const int thread = first + lane;
    if (thread >= size()) {
      // Of a last warp that is not full the barrier asks nothing; a shuffle would read from it.
      if (me.kind == Shuffle::kNone) continue;
      violation("sim/divergence", text("shuffles at %s with a mask, %08x, that names lane %d, but "
                                       "the block has %d threads",
                                       text_of(me.site).c_str(), mask, lane, size()));
    }
    const Thread& other = threads_[thread];
    if (other.state != State::kAtWarp) continue;
    if (other.kind != me.kind || other.mask != mask || !same(other.site, me.site))
      violation("sim/divergence",
                text("calls %s at %s with mask %08x while thread %d, which that names, is at %s "
                     "with mask %08x",
                     what, text_of(me.site).c_str(), mask, thread, text_of(other.site).c_str(),
                     other.mask));
  }
}

std::uint32_t Runner::sync_warp(Shuffle kind, unsigned mask, std::uint32_t bits, int by,
                                Site site) {
  Thread& me = self();
  const int first = running.thread / kWarp * kWarp;
  const int lanes = std::min(kWarp, size() - first);
  me.site = site, me.kind = kind, me.mask = mask, me.bits = bits, me.by = by;
  check_lanes(me, mask);
  me.state = State::kAtWarp;
  for (int lane = 0; lane < lanes; ++lane) {
    if ((mask >> lane & 1) && threads_[first + lane].state != State::kAtWarp) {
      wait();
      return me.bits;
    }
  }
  pass_warp(mask);
  return me.bits;
}

// All lanes named have arrived, the running thread last.
void Runner::pass_warp(unsigned mask) {
  const int first = running.thread / kWarp * kWarp;
  const int lanes = std::min(kWarp, size() - first);
  std::uint32_t given[kWarp];
  for (int lane = 0; lane < lanes; ++lane) given[lane] = threads_[first + lane].bits;
  for (int lane = 0; lane < lanes; ++lane) {
    if ((mask >> lane & 1) == 0) continue;
    Thread& thread = threads_[first + lane];
    if (thread.kind != Shuffle::kNone) {
      const unsigned from = thread.kind == Shuffle::kXor ? unsigned(lane) ^ unsigned(thread.by)
                                                         : unsigned(lane) + unsigned(thread.by);
      if (from < unsigned(kWarp)) thread.bits = (mask >> from & 1) ? given[from] : ~0u;
    }
    thread.state = State::kReady;
    if (first + lane != running.thread) ready_.push_back(first + lane);
  }
  // Only __syncwarp orders memory, and only between all lanes can one count stand for it.
  const unsigned all = lanes == kWarp ? ~0u : (1u << lanes) - 1;
  if (self().kind == Shuffle::kNone && (mask & all) == all)
    running.warp_time = ++warp_times_[first / kWarp];
}

void sync_warp(unsigned mask, Site site) {
  runner().sync_warp(Shuffle::kNone, mask, 0, 0, site);
}

std::uint32_t shuffle(Shuffle kind, unsigned mask, std::uint32_t bits, int by, Site site) {
  return runner().sync_warp(kind, mask, bits, by, site);
}

}  // namespace incept::cuda::sim
