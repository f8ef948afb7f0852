// How the members of a team share out a run: who takes which piece, and when all are done.
//
// All members come to the same steps in the same order, each a number of pieces that any of them
// may claim; no step begins before all pieces of the one before it are claimed. Steps and pieces
// are counted over the life of the team, so that a member that comes late finds its step over, and
// nobody waits for it.
#pragma once

#include <atomic>
#include <cstdint>

#include "patience.hpp"

namespace incept::cpu {

class Claims {
 public:
  // Of one step.
  static constexpr int kMostPieces = 0xffff;

  // How long who waits stays awake, in microseconds.
  explicit Claims(int patience) : patience_(patience) {}

  // The next of the step's pieces, or -1 where they are all claimed.
  int claim(std::uint64_t step, int pieces) {
    std::uint64_t seen = next_.load(std::memory_order_relaxed);
    for (;;) {
      const std::uint64_t open = seen >> 16;
      const int piece = open == step ? static_cast<int>(seen & kMostPieces) : 0;
      if (open > step || piece == pieces) return -1;
      if (next_.compare_exchange_weak(seen, step << 16 | std::uint64_t(piece + 1),
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
  alignas(64) std::atomic<std::uint64_t> next_{0};  // The open step and its first free piece.
  alignas(64) std::atomic<std::uint64_t> done_{0};
};

}  // namespace incept::cpu
