// The block's barrier, and what is said when nobody can go on.
#include <algorithm>
#include <cstring>

#include "../cuda/failure.hpp"
#include "runner.hpp"

namespace incept::cuda::sim {

bool same(Site a, Site b) {
  return a.line == b.line && (a.file == b.file || std::strcmp(a.file, b.file) == 0);
}

std::string text_of(Site site) {
  const std::string file = site.file;
  return file.substr(file.rfind('/') + 1) + text(":%d", site.line);
}

void Runner::sync_block(Site site) {
  Thread& me = self();
  me.site = site;
  me.state = State::kAtBarrier;
  if (++at_barrier_ < size()) return wait();
  for (int i = 0; i < size(); ++i)
    if (!same(threads_[i].site, site))
      violation("sim/divergence", "waits at the barrier of " + text_of(site) + " while " +
                                      text("thread %d", i) + " waits at that of " +
                                      text_of(threads_[i].site));
  at_barrier_ = 0;
  running.now = next_moment();
  for (int i = 0; i < size(); ++i) {
    threads_[i].state = State::kReady;
    if (i != running.thread) ready_.push_back(i);
  }
  std::fill(warp_times_.begin(), warp_times_.end(), std::uint16_t{0});
  running.warp_time = 0;
}

// Nobody can go on.
void Runner::stuck() {
  int waits = -1, other = -1;
  for (int i = 0; i < size(); ++i) {
    const State state = threads_[i].state;
    if (waits < 0 && (state == State::kAtWarp || state == State::kAtBarrier)) waits = i;
  }
  const Thread& one = threads_[waits];
  for (int i = 0; i < size() && other < 0; ++i) {
    if (one.state == State::kAtWarp &&
        (i / kWarp != waits / kWarp || (one.mask >> (i % kWarp) & 1) == 0))
      continue;
    if (threads_[i].state != one.state) other = i;
  }
  enter(waits);
  const char* at = one.state == State::kAtBarrier ? "the barrier of "
                   : one.kind == Shuffle::kNone   ? "the __syncwarp of "
                                                  : "the shuffle of ";
  std::string why = "waits for ever at " + (at + text_of(one.site));
  if (other >= 0) {
    why += " for " + text("thread %d", other);
    why += threads_[other].state == State::kReturned
               ? ", which has returned"
               : ", which waits at " + text_of(threads_[other].site);
  }
  violation("sim/divergence", why);
}

void sync_block(Site site) {
  runner().sync_block(site);
}

}  // namespace incept::cuda::sim
