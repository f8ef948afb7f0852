// A small team of threads that runs one function on all its members: one parallel region for a
// whole inference, with cheap barriers inside.
//
// Waiting spins for some tens of microseconds, long enough for a barrier between kernels, then
// parks: another process may hold the core that the others wait for.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <new>
#include <thread>
#include <type_traits>
#include <vector>

#if defined(_M_X64)
#include <intrin.h>
#endif

#include "memory.hpp"

namespace incept::cpu {

// How often a waiting member looks before it parks: some 30 to 90 microseconds, or next to nothing
// where the members outnumber the cores and would spin in each other's way.
inline int patience(int members) {
  return members <= static_cast<int>(std::thread::hardware_concurrency()) ? 2000 : 20;
}

// Where threads wait for a generation to pass. Opening it wakes everyone who waits.
class Gate {
 public:
  explicit Gate(int spins) : spins_(spins) {}

  std::uint32_t generation() const { return generation_.load(std::memory_order_acquire); }

  void open() {
    generation_.fetch_add(1);  // Sequentially consistent with parked_: see wait().
    if (parked_.load() == 0) return;
    // A waiter that has announced itself is either asleep or has yet to look under the lock.
    {
      std::lock_guard<std::mutex> lock(mutex_);
    }
    condition_.notify_all();
  }

  // Returns once the generation is no longer `seen`.
  void wait(std::uint32_t seen) {
    for (int i = 0; i < spins_; ++i) {
      if (generation() != seen) return;
      pause();
    }
    std::unique_lock<std::mutex> lock(mutex_);
    parked_.fetch_add(1);
    while (generation_.load() == seen) condition_.wait(lock);
    parked_.fetch_sub(1);
  }

 private:
  static void pause() {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();  // _mm_pause's header takes a compiler most of a second.
#elif defined(_M_X64)
    _mm_pause();
#elif defined(__aarch64__)
    asm volatile("isb" ::: "memory");
#endif
  }

  const int spins_;
  alignas(64) std::atomic<std::uint32_t> generation_{0};
  std::atomic<int> parked_{0};
  std::mutex mutex_;
  std::condition_variable condition_;
};

// All `size` threads arrive before any leaves. The last one opens the gate for the others.
class Barrier {
 public:
  explicit Barrier(int size) : size_(size), gate_(patience(size)) {}

  void arrive_and_wait() {
    if (size_ == 1) return;
    const std::uint32_t seen = gate_.generation();
    if (arrived_.fetch_add(1, std::memory_order_acq_rel) + 1 == size_) {
      arrived_.store(0, std::memory_order_relaxed);
      gate_.open();
    } else {
      gate_.wait(seen);
    }
  }

 private:
  const int size_;
  alignas(64) std::atomic<int> arrived_{0};
  Gate gate_;
};

// Bytes of scratch that each member has to itself, on cache lines of its own; as much as caches hold
// beside what streams through them. On large pages, since kernels write it in many places at once.
constexpr std::size_t kMemberScratch = 1 << 20;

// One thread's view of the team during a run.
class Member {
 public:
  Member(int rank, int size, Barrier& barrier, std::byte* scratch)
      : rank_(rank), size_(size), barrier_(barrier), scratch_(scratch) {}
  int rank() const { return rank_; }
  int size() const { return size_; }
  // Everything written before it by any member can be read after it by all.
  void barrier() {
    if (size_ > 1) barrier_.arrive_and_wait();
  }
  // The same thread as a team of its own, which waits for nobody.
  Member alone() const { return Member(0, 1, barrier_, scratch_); }
  // kMemberScratch bytes that are this thread's until its kernel returns.
  std::byte* scratch() const { return scratch_; }
  // How many places members have moved on in sharing out what does not come out even; the same for
  // all, since all walk the same program.
  int turn() const { return turn_; }
  void move_on(int places) { turn_ = (turn_ + places) % size_; }

 private:
  const int rank_, size_;
  int turn_ = 0;
  Barrier& barrier_;
  std::byte* const scratch_;
};

// The calling thread is member 0; the others are started here and joined by the destructor. One
// run at a time; different teams are independent. Throws std::system_error if the system gives no
// thread, and has then joined those it gave; and std::bad_alloc.
class Team {
 public:
  explicit Team(int size) : shared_(size < 1 ? 1 : size) {
    workers_.threads.reserve(shared_.size - 1);
    for (int rank = 1; rank < shared_.size; ++rank)
      workers_.threads.emplace_back(work, std::ref(shared_), rank);
  }

  int size() const { return shared_.size; }

  // Calls `function(member)` on every member and returns when all have returned. It must not throw.
  template <class Function>
  void run(Function&& function) {
    shared_.context = const_cast<void*>(static_cast<const void*>(std::addressof(function)));
    shared_.call = [](void* context, Member& member) {
      (*static_cast<std::remove_reference_t<Function>*>(context))(member);
    };
    shared_.start.open();
    Member member = shared_.member(0);
    shared_.call(shared_.context, member);
    shared_.barrier.arrive_and_wait();
  }

 private:
  struct Shared {
    explicit Shared(int members)
        : size(members), barrier(members), start(patience(members)) {
      if (!scratch.allocate(size * kMemberScratch / sizeof(float))) throw std::bad_alloc();
    }
    Member member(int rank) {
      return Member(rank, size, barrier,
                    reinterpret_cast<std::byte*>(scratch.data()) + rank * kMemberScratch);
    }
    const int size;
    Memory scratch;
    Barrier barrier;
    Gate start;
    void* context = nullptr;
    void (*call)(void*, Member&) = nullptr;  // Null tells the workers to end.
  };

  // Ends the workers that were started, also when starting another one threw.
  struct Workers {
    explicit Workers(Shared& s) : shared(s) {}
    ~Workers() {
      shared.call = nullptr;
      shared.start.open();
      for (std::thread& thread : threads) thread.join();
    }
    Shared& shared;
    std::vector<std::thread> threads;
  };

  static void work(Shared& shared, int rank) noexcept {
    for (std::uint32_t seen = 0;; ++seen) {
      shared.start.wait(seen);
      if (shared.call == nullptr) return;
      Member member = shared.member(rank);
      shared.call(shared.context, member);
      shared.barrier.arrive_and_wait();
    }
  }

  Shared shared_;
  Workers workers_{shared_};
};

// The half-open stretch of `count` items that falls to one member: contiguous, sizes differ by one.
struct Share {
  std::ptrdiff_t begin, end;
};

inline Share share(const Member& t, std::ptrdiff_t count) {
  return {count * t.rank() / t.size(), count * (t.rank() + 1) / t.size()};
}

// Of `count` images [begin, end) are a member's to compute alone, as many as every other's; those
// from `rest` on are left over, for all members to compute together.
struct OwnImages {
  std::ptrdiff_t begin, end, rest;
};

inline OwnImages own_images(const Member& t, std::ptrdiff_t count) {
  const std::ptrdiff_t own = count / t.size();
  return {own * t.rank(), own * (t.rank() + 1), own * t.size()};
}

// A member's share of a few items that take long: what is left over falls to other members than it
// did before, so that kernels that run side by side keep all of them busy.
inline Share share_in_turn(Member& t, std::ptrdiff_t count) {
  const std::ptrdiff_t place = (t.rank() + t.turn()) % t.size();
  t.move_on(static_cast<int>(count % t.size()));
  return {count * place / t.size(), count * (place + 1) / t.size()};
}

}  // namespace incept::cpu
