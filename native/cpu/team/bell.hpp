// Where one thread waits for another to ring: awake for a while, then asleep.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "affinity.hpp"
#include "patience.hpp"

namespace incept::cpu {

class Bell {
 public:
  // Whether whoever waits must be woken, which takes both some microseconds.
  bool asleep() const { return asleep_.load(std::memory_order_relaxed) != nullptr; }

  void ring() {
    rung_.fetch_add(1);  // Sequentially consistent with asleep_: see wait().
    if (asleep_.load() == nullptr) return;
    {
      // Who has announced itself is asleep, or has yet to look under the lock.
      std::lock_guard<std::mutex> lock(mutex_);
      if (Affinity* const sleeper = asleep_.load()) sleeper->avoid_here();
    }
    condition_.notify_one();
  }

  // Returns how often it was rung, once that is no longer `seen`. By one thread, whose affinity it
  // is.
  std::uint32_t wait(std::uint32_t seen, int microseconds, Affinity& own) {
    const auto rung = [&] { return rung_.load() != seen; };
    if (!within(microseconds, rung)) {
      std::unique_lock<std::mutex> lock(mutex_);
      asleep_.store(&own);
      while (!rung()) condition_.wait(lock);
      asleep_.store(nullptr);
      own.restore();
    }
    return rung_.load();
  }

 private:
  alignas(64) std::atomic<std::uint32_t> rung_{0};
  std::atomic<Affinity*> asleep_{nullptr};
  std::mutex mutex_;
  std::condition_variable condition_;
};

}  // namespace incept::cpu
