// The threads of a block, and who of them waits for what.
#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "block.hpp"
#include "fiber.hpp"
#include "order.hpp"
#include "running.hpp"
#include "shared.hpp"

namespace incept::cuda::sim {

constexpr int kMaxThreads = 1024, kWarp = 32;

enum class State { kReady, kAtBarrier, kAtWarp, kReturned };

struct Thread {
  State state = State::kReady;
  Fiber* fiber = nullptr;
  // Of what it waits at, or waited at last:
  Site site{};
  Shuffle kind = Shuffle::kNone;
  unsigned mask = 0;
  int by = 0;
  std::uint32_t bits = 0;  // What it gives to a shuffle, then what it gets.
};

bool same(Site a, Site b);
// "pool.cuh:40"
std::string text_of(Site site);

// One to an OS thread. A fiber takes threads of the block that have not begun, one after the other;
// one that has to wait keeps its fiber, and another fiber goes on.
class Runner {
 public:
  void run(const Launch& launch);
  std::string name_of(int thread, std::uint32_t moment) const;

  void sync_block(Site site);
  std::uint32_t sync_warp(Shuffle kind, unsigned mask, std::uint32_t bits, int by, Site site);
  SharedArrays& shared() { return shared_; }

 private:
  void run_block(std::uint64_t block);
  void begin_threads();
  void enter(int thread);
  void wait() { current_->suspend(); }
  Thread& self() { return threads_[running.thread]; }
  int size() const { return launch_->threads; }
  [[noreturn]] void stuck();
  void pass_warp(unsigned mask);
  void check_lanes(const Thread& me, unsigned mask);

  const Launch* launch_ = nullptr;
  std::vector<std::unique_ptr<Fiber>> fibers_;
  std::vector<Fiber*> idle_;
  std::vector<Thread> threads_;
  std::vector<int> ready_;  // Have waited and may go on.
  std::vector<std::uint16_t> warp_times_;
  SharedArrays shared_;
  Order order_;
  int begun_ = 0, returned_ = 0, at_barrier_ = 0;
  Fiber* current_ = nullptr;
  std::exception_ptr error_;
  struct Began {
    std::uint32_t moment;
    uint3 block;
  };
  std::vector<Began> blocks_;  // Of this launch, as they began.
};

// The calling thread's.
Runner& runner();

}  // namespace incept::cuda::sim
