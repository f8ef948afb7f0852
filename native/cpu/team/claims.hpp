// How the members of a team share out a run: who takes which piece, and when all are done.
//
// All members come to the same steps in the same order, each a number of pieces that any of them
// may claim; a member goes on to the next step when all pieces of this one are claimed. Each member
// has a stretch of them that it claims from first, so that it mostly reads what it wrote itself,
// and then helps the others. Steps and pieces are counted over the life of the team: a member that
// comes late finds its step over, and nobody waits for it.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "patience.hpp"

namespace incept::cpu {

class Claims {
 public:
  // Of one member's stretch of a step.
  static constexpr int kMostPieces = 0xffff;

  // `patience`: how many microseconds who waits stays awake.
  Claims(int members, int patience) : patience_(patience), next_(std::size_t(members)) {}

  // The next of the step's pieces in the stretch of `member`, which has so many; or -1 where they
  // are all claimed.
  int claim(std::uint64_t step, int member, int pieces) {
    std::atomic<std::uint64_t>& next = next_[std::size_t(member)].step_and_piece;
    std::uint64_t seen = next.load(std::memory_order_relaxed);
    for (;;) {
      const std::uint64_t open = seen >> 16;
      const int piece = open == step ? static_cast<int>(seen & kMostPieces) : 0;
      if (open > step || piece == pieces) return -1;
      if (next.compare_exchange_weak(seen, step << 16 | std::uint64_t(piece + 1),
                                     std::memory_order_relaxed))
        return piece;
    }
  }

  // That many pieces more are done.
  void finish(int pieces) {
    if (pieces > 0) done_.fetch_add(std::uint64_t(pieces), std::memory_order_acq_rel);
  }

  // Returns when so many are: what they wrote can be read.
  void wait(std::uint64_t pieces) const {
    until(patience_, [&] { return done_.load(std::memory_order_acquire) >= pieces; });
  }

 private:
  const int patience_;
  struct alignas(64) Next {
    std::atomic<std::uint64_t> step_and_piece{0};
  };
  std::vector<Next>
      next_;  // The last step of which pieces were claimed, and the first that is free.
  alignas(64) std::atomic<std::uint64_t> done_{0};
};

}  // namespace incept::cpu
