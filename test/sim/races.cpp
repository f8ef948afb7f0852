// The few bits that the simulator keeps of who accessed a byte, against the whole history.
#include "harness.hpp"
#include "sim/order.hpp"
#include "sim/race.hpp"

namespace incept::cuda {
namespace {

using sim::Access;

struct Event {
  int launch, block, interval, warp_time, thread;
  Access how;
};

// By the definition.
bool conflict(const Event& a, const Event& b) {
  if (a.how == Access::kRead && b.how == Access::kRead) return false;
  if (a.how == Access::kAtomic && b.how == Access::kAtomic) return false;
  if (a.launch != b.launch) return false;
  if (a.block != b.block) return true;
  if (a.interval != b.interval || a.thread == b.thread) return false;
  return a.thread / 32 != b.thread / 32 || a.warp_time == b.warp_time;
}

struct Tally {
  int missed = 0, invented = 0, seen = 0;
};

// One byte's life until the first conflict.
void live(std::uint64_t seed, bool warps, bool atomics, bool shared, Tally& tally) {
  const auto below = [&](int limit) {
    seed = sim::mixed(seed);
    return static_cast<int>(seed % limit);
  };
  sim::Running now{};
  const auto begin_block = [&] { now.block_began = now.now = sim::next_moment(); };
  now.launch_began = sim::next_moment();
  begin_block();
  sim::Cell cell{};
  Event event{};
  int warp_times[2] = {0, 0};
  std::vector<Event> history;
  for (int i = 0; i < 25; ++i) {
    const int what = below(12);
    if (what == 0) {
      now.launch_began = sim::next_moment();
      ++event.launch;
    }
    if (what <= 1) {
      begin_block();
      ++event.block;
      // A block's memory is another for each block.
      if (shared) ++event.launch;
    }
    if (what <= 3) {
      now.now = what <= 1 ? now.now : sim::next_moment();
      ++event.interval;
      warp_times[0] = warp_times[1] = 0;
      continue;
    }
    if (what <= 5) {
      if (warps) ++warp_times[below(2)];
      continue;
    }
    event.thread = below(2) * 32 + below(2);
    event.warp_time = warp_times[event.thread / 32];
    const int kind = below(atomics ? 4 : 3);
    event.how = kind == 0 ? Access::kWrite : kind == 3 ? Access::kAtomic : Access::kRead;
    now.thread = static_cast<std::uint16_t>(event.thread);
    now.warp_time = static_cast<std::uint16_t>(event.warp_time);
    bool wanted = false;
    for (const Event& other : history) wanted |= conflict(other, event);
    const bool seen =
        access(cell, event.how, now, shared ? now.block_began : now.launch_began) != nullptr;
    tally.missed += wanted && !seen;
    tally.invented += seen && !wanted;
    tally.seen += seen;
    if (seen || wanted) return;
    history.push_back(event);
  }
}

std::string lives(bool warps, bool atomics, bool shared) {
  Tally tally;
  for (int i = 0; i < 200000; ++i) live(i, warps, atomics, shared, tally);
  return text("%d missed, %d invented, %s", tally.missed, tally.invented,
              tally.seen > 50000 && tally.seen < 200000 ? "of both kinds" : "alike");
}

}  // namespace
}  // namespace incept::cuda

int main() {
  using namespace incept::cuda;
  report("with barriers of warps", [] { return lives(true, false, false); });
  report("with atomics", [] { return lives(false, true, false); });
  report("with barriers of warps, shared", [] { return lives(true, false, true); });
  report("with atomics, shared", [] { return lives(false, true, true); });
}
