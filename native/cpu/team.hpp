// A small team of threads that runs one function on all its members: one parallel region for a
// whole inference, with cheap barriers inside.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <new>
#include <system_error>
#include <thread>
#include <vector>

#include "memory.hpp"
#include "team/bell.hpp"
#include "team/claims.hpp"
#include "team/member.hpp"

namespace incept::cpu {

// Microseconds that a worker stays awake for the next run, if nothing else is said: a caller that
// comes back at once, by way of JavaScript's thread and back, finds it awake, and a server's other
// threads get its core soon.
constexpr int kSpin = 200;

// Microseconds of work a member that make it worth calling: it has to be told, and woken where it
// sleeps. On two cores one thread is faster below about twice as much.
constexpr double kWorthTelling = 25, kWorthWaking = 90;

// Whether so many microseconds of work a member are worth one more, which sleeps or does not. Where
// runs follow at once it is woken for those to come, which will find it awake.
constexpr bool worth_calling(double microseconds, bool asleep, bool at_once) {
  return microseconds >= (asleep && !at_once ? kWorthWaking : kWorthTelling);
}

// The calling thread is member 0; the others are started here and joined by the destructor. One
// run at a time; different teams are independent. Throws std::system_error if the system gives no
// thread, and has then joined those it gave; and std::bad_alloc.
class Team {
 public:
  explicit Team(int size, int spin = -1)
      : size_(size < 1 ? 1 : size), awake_(awake(spin)), claims_(size_, crowded() ? 0 : kPatience) {
    if (!scratch_.allocate(std::size_t(size_) * kMemberScratch / sizeof(float)))
      throw std::bad_alloc();
    try {
      for (int i = 1; i < size_; ++i) workers_.emplace_back(scratch(i)).start(awake_.count());
    } catch (...) {
      end();
      throw;
    }
  }

  ~Team() { end(); }
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  int size() const { return size_; }

  // Calls `function(member)` on every member and returns when all have returned. It must not throw.
  template <class Function>
  void run(Function&& function) {
    if (size_ == 1) return alone(function);
    called_.clear();
    for (Worker& worker : workers_) {
      until(kPatience, [&] { return worker.free(); });
      called_.push_back(&worker);
    }
    together(true, [&function](Member& t) { function(t); });
  }

  // Calls `function(member)` on as many members as so many microseconds of work are worth, on those
  // that are free; and returns when all pieces of it are done. A member may be late: it calls a
  // copy of the function, which by then must not touch anything outside of pieces but what the copy
  // holds. It must not throw; copying it may.
  template <class Function>
  void run_worth(double microseconds, const Function& function) {
    if (size_ == 1) return alone(function);
    call(microseconds, Clock::now() - ended_at_ < awake_);
    if (called_.empty())
      alone(function);
    else
      together(false, function);
    ended_at_ = Clock::now();
  }

 private:
  using Clock = std::chrono::steady_clock;

  // Microseconds that a member waits awake for the others before it lets go of its core.
  static constexpr int kPatience = 100;

  // One of the other threads.
  class Worker {
   public:
    explicit Worker(std::byte* scratch) : scratch_(scratch), member_(scratch) {}
    void start(int patience) {
      thread_ = std::thread([this, patience] { work(patience); });
    }
    // Whether it waits for a run; it may still be in the one before.
    bool free() const { return free_.load(std::memory_order_acquire); }
    bool asleep() const { return bell_.asleep(); }

    // What it will call; it must be free.
    void prepare(const std::function<void(Member&)>& function, const Member& member) {
      function_ = function;
      member_ = member;
    }
    std::byte* scratch() const { return scratch_; }
    void call() {
      free_.store(false, std::memory_order_relaxed);
      bell_.ring();
    }

    void end() {
      if (!thread_.joinable()) return;
      ending_.store(true);
      bell_.ring();
      thread_.join();
    }

   private:
    void work(int patience) noexcept {
      Affinity own;
      for (std::uint32_t seen = 0;;) {
        seen = bell_.wait(seen, patience, own);
        if (ending_.load()) return;
        function_(member_);
        member_.arrive();
        free_.store(true, std::memory_order_release);
      }
    }

    Bell bell_;
    std::atomic<bool> free_{true}, ending_{false};
    std::function<void(Member&)> function_;
    std::byte* const scratch_;
    Member member_;
    std::thread thread_;
  };

  int awake(int spin) const {
    if (crowded()) return 0;
    return spin < 0 ? kSpin : spin;
  }

  // Whether members would wait in each other's way.
  bool crowded() const { return size_ > static_cast<int>(std::thread::hardware_concurrency()); }

  template <class Function>
  void alone(Function& function) {
    Member member(scratch(0));
    function(member);
  }

  // Chooses the workers for so much work: first those that are awake. `at_once`: since the run
  // before no more time has passed than a worker stays awake.
  void call(double microseconds, bool at_once) {
    called_.clear();
    for (const bool asleep : {false, true})
      for (Worker& worker : workers_) {
        const double members = double(called_.size()) + 2;
        if (!worth_calling(microseconds / members, asleep, at_once)) break;
        if (!worker.free() || worker.asleep() != asleep) continue;
        // One that fell asleep meanwhile is there already.
        if (std::find(called_.begin(), called_.end(), &worker) == called_.end())
          called_.push_back(&worker);
      }
  }

  void together(bool everyone, const std::function<void(Member&)>& function) {
    const int size = static_cast<int>(called_.size()) + 1;
    for (int i = 1; i < size; ++i) {
      Worker& worker = *called_[std::size_t(i) - 1];
      worker.prepare(function, Member(i, size, everyone, claims_, ended_, worker.scratch()));
    }
    for (Worker* worker : called_) worker->call();
    Member member(0, size, everyone, claims_, ended_, scratch(0));
    function(member);
    member.barrier();
    ended_ = member;
  }

  std::byte* scratch(int thread) {
    return reinterpret_cast<std::byte*>(scratch_.data()) + std::size_t(thread) * kMemberScratch;
  }

  void end() {
    for (Worker& worker : workers_) worker.end();
  }

  const int size_;
  const std::chrono::duration<int, std::micro> awake_;  // For so long a worker is, after a run.
  Claims claims_;
  Memory scratch_;         // Of all members.
  Member ended_{nullptr};  // As the last run left member 0.
  std::deque<Worker> workers_;
  std::vector<Worker*> called_;
  Clock::time_point ended_at_;  // The last run_worth().
};

}  // namespace incept::cpu
