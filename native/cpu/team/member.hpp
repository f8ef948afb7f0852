// One thread's view of its team during a run, and how kernels ask it for their work.
//
// A kernel is called by all members with the same arguments. It claims stretches of its work,
//   for (auto [i, end] : t.stretches(count))
//     for (; i < end; ++i) ...
// or takes the one share that its rank gives it, `share(t, count)`, where each result should be one
// member's. No result may hang on who computes it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "claims.hpp"

namespace incept::cpu {

// Items of so many operations on 16 lanes each that are worth a stretch of their own, of about two
// microseconds: claiming one, and fetching what another core wrote, take a part of one.
constexpr std::ptrdiff_t enough(std::ptrdiff_t operations) {
  return std::max<std::ptrdiff_t>(8192 / std::max<std::ptrdiff_t>(operations, 1), 1);
}

// The half-open stretch [begin, end) of some items.
struct Share {
  std::ptrdiff_t begin, end;
};

// Bytes of scratch that each member has to itself, on cache lines of its own; as much as caches
// hold beside what streams through them. On large pages, since kernels write it in many places at
// once.
constexpr std::size_t kMemberScratch = 1 << 20;

class Member {
 public:
  // A team of its own, which waits for nobody.
  explicit Member(std::byte* scratch) : scratch_(scratch) {}

  // `everyone` says that all members come to every barrier; else those that are late may miss what
  // the others have claimed. `start` is where the run before ended.
  Member(int rank, int size, bool everyone, Claims& claims, const Member& start, std::byte* scratch)
      : claims_(&claims),
        scratch_(scratch),
        rank_(rank),
        size_(size),
        everyone_(everyone),
        here_(everyone),
        step_(start.step_),
        pieces_(start.pieces_) {}

  int rank() const { return rank_; }
  int size() const { return size_; }
  // How often work was shared out until here, and in how many pieces: of all members and runs.
  std::uint64_t steps() const { return step_; }
  std::uint64_t pieces() const { return pieces_; }

  // Everything written before it by any member can be read after it by all.
  void barrier() {
    arrive();
    if (size_ > 1) claims_->wait(pieces_);
  }

  // The same without waiting for the others.
  void arrive() {
    if (size_ == 1) return;
    if (here_) {
      ++finished_;
      pieces_ += std::uint64_t(size_);
      here_ = everyone_;
    }
    claims_->finish(finished_);
    finished_ = 0;
  }

  // The same thread as a team of its own.
  Member alone() const { return Member(scratch_); }

  // kMemberScratch bytes that are this thread's until its kernel returns.
  std::byte* scratch() const { return scratch_; }

  class Stretches;
  // Those of `count` items that fall to this member, one stretch after another: each item falls to
  // one member. A stretch has about `least` items or more: see enough().
  inline Stretches stretches(std::ptrdiff_t count, std::ptrdiff_t least = 1);
  // The same of items that are much work each: a stretch has one.
  inline Stretches items(std::ptrdiff_t count);

  // How many places members have moved on in sharing out what does not come out even; the same for
  // all, since all walk the same program.
  int turn() const { return turn_; }
  void move_on(int places) { turn_ = (turn_ + places) % size_; }

  // This member has a share that no other one can take: the barrier waits for it.
  void owe() const { here_ = true; }

 private:
  inline Stretches step(std::ptrdiff_t count, std::ptrdiff_t pieces);

  Claims* claims_ = nullptr;
  std::byte* scratch_;
  int rank_ = 0, size_ = 1;
  int turn_ = 0;
  bool everyone_ = true;
  mutable bool here_ = true;
  int finished_ = 0;  // Pieces since the last barrier.
  // Of all members until here.
  std::uint64_t step_ = 0, pieces_ = 0;
};

// An input range: each stretch is claimed when the one before it is done.
class Member::Stretches {
 public:
  struct End {};

  class Iterator {
   public:
    explicit Iterator(Stretches& of) : of_(of) { ++*this; }
    Share operator*() const { return of_.stretch(piece_); }
    Iterator& operator++() {
      piece_ = of_.claim();
      return *this;
    }
    bool operator!=(End) const { return piece_ >= 0; }

   private:
    Stretches& of_;
    std::ptrdiff_t piece_ = -1;
  };

  Stretches(Member& member, std::ptrdiff_t count, std::ptrdiff_t pieces)
      : member_(member), count_(count), pieces_(pieces) {}

  Iterator begin() { return Iterator(*this); }
  End end() const { return {}; }

 private:
  Share stretch(std::ptrdiff_t piece) const {
    return {count_ * piece / pieces_, count_ * (piece + 1) / pieces_};
  }

  // First of the member's own pieces, then of those of the members after it.
  std::ptrdiff_t claim() {
    const int size = member_.size_;
    if (size == 1) return helped_++ == 0 && pieces_ > 0 ? 0 : -1;
    for (; helped_ < size; ++helped_) {
      const int of = (member_.rank_ + helped_) % size;
      const std::ptrdiff_t first = pieces_ * of / size, next = pieces_ * (of + 1) / size;
      const int piece = member_.claims_->claim(member_.step_, of, static_cast<int>(next - first));
      if (piece < 0) continue;
      ++member_.finished_;
      return first + piece;
    }
    return -1;
  }

  Member& member_;
  const std::ptrdiff_t count_, pieces_;
  int helped_ = 0;  // How many members have no pieces left, this one first.
};

inline Member::Stretches Member::stretches(std::ptrdiff_t count, std::ptrdiff_t least) {
  constexpr std::ptrdiff_t each = 4;  // So many that no member waits long for the last one's.
  const std::ptrdiff_t pieces = std::min(std::max<std::ptrdiff_t>(count / least, 1), each * size_);
  // As many for each, where there are enough.
  return step(count, pieces > size_ ? (pieces + size_ - 1) / size_ * size_ : pieces);
}

inline Member::Stretches Member::items(std::ptrdiff_t count) {
  return step(count, count);
}

inline Member::Stretches Member::step(std::ptrdiff_t count, std::ptrdiff_t pieces) {
  if (size_ == 1) return {*this, count, count > 0};
  const std::ptrdiff_t most = std::ptrdiff_t(size_) * Claims::kMostPieces;
  pieces = std::min({count, pieces, most});
  ++step_;
  pieces_ += std::uint64_t(pieces);
  return {*this, count, pieces};
}

// The stretch of `count` items that falls to one member by its rank: contiguous, sizes differ by
// one.
inline Share share(const Member& t, std::ptrdiff_t count) {
  t.owe();
  return {count * t.rank() / t.size(), count * (t.rank() + 1) / t.size()};
}

// Of `count` images [begin, end) are a member's to compute alone, as many as every other's; those
// from `rest` on are left over, for all members to compute together.
struct OwnImages {
  std::ptrdiff_t begin, end, rest;
};

inline OwnImages own_images(const Member& t, std::ptrdiff_t count) {
  const std::ptrdiff_t own = count / t.size();
  t.owe();
  return {own * t.rank(), own * (t.rank() + 1), own * t.size()};
}

// A member's share of a few items that take long: what is left over falls to other members than it
// did before, so that kernels that run side by side keep all of them busy.
inline Share share_in_turn(Member& t, std::ptrdiff_t count) {
  const std::ptrdiff_t place = (t.rank() + t.turn()) % t.size();
  t.move_on(static_cast<int>(count % t.size()));
  t.owe();
  return {count * place / t.size(), count * (place + 1) / t.size()};
}

}  // namespace incept::cpu
