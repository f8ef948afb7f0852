#include "block.hpp"

#include <algorithm>
#include <utility>

#include "../cuda/failure.hpp"
#include "runner.hpp"

namespace incept::cuda::sim {

Runner& runner() {
  static thread_local Runner instance;
  return instance;
}

void Runner::run(const Launch& launch) {
  launch_ = &launch;
  const dim3 grid = launch.grid;
  if (launch.threads < 1 || launch.threads > kMaxThreads || grid.x < 1 || grid.y < 1 ||
      grid.z < 1 || grid.x > 0x7fffffffu || grid.y > 65535 || grid.z > 65535)
    throw Failure("sim/launch",
                  text("%s, task %d: is launched with %ux%ux%u blocks of %d threads", launch.name,
                       launch.task, grid.x, grid.y, grid.z, launch.threads));
  gridDim = {grid.x, grid.y, grid.z};
  blockDim = {static_cast<unsigned>(launch.threads), 1, 1};
  running = Running{};
  running.what = launch.name, running.task = launch.task, running.in_block = true;
  running.launch_began = next_moment();
  threads_.resize(launch.threads);
  warp_times_.resize((launch.threads + kWarp - 1) / kWarp);
  blocks_.clear();
  shared_.begin_launch();
  const std::uint64_t count = std::uint64_t{grid.x} * grid.y * grid.z;
  const Order blocks(count, launch.seed);
  error_ = nullptr;
  for (std::uint64_t i = 0; i < count && !error_; ++i) run_block(blocks[i]);
  running = Running{};
  if (error_) {
    // Fibers are left in the middle of threads.
    idle_.clear();
    for (auto& fiber : fibers_) fiber->reset(), idle_.push_back(fiber.get());
    std::rethrow_exception(std::exchange(error_, nullptr));
  }
}

void Runner::run_block(std::uint64_t block) {
  const dim3 grid = launch_->grid;
  blockIdx = {static_cast<unsigned>(block % grid.x), static_cast<unsigned>(block / grid.x % grid.y),
              static_cast<unsigned>(block / grid.x / grid.y)};
  running.block_began = running.now = next_moment();
  blocks_.push_back({running.now, blockIdx});
  std::fill(threads_.begin(), threads_.end(), Thread{});
  std::fill(warp_times_.begin(), warp_times_.end(), std::uint16_t{0});
  shared_.begin_block();
  std::uint64_t seed = mixed(launch_->seed + block);
  order_ = Order(threads_.size(), seed);
  begun_ = returned_ = at_barrier_ = 0;
  ready_.clear();
  while (returned_ < size() && !error_) {
    seed = mixed(seed);
    if (!ready_.empty() && (begun_ == size() || seed % 4 == 0)) {
      std::swap(ready_[seed / 4 % ready_.size()], ready_.back());
      const int thread = ready_.back();
      ready_.pop_back();
      current_ = threads_[thread].fiber;
      enter(thread);
    } else if (begun_ < size()) {
      if (idle_.empty()) {
        fibers_.push_back(std::make_unique<Fiber>(
            [](void* self) { static_cast<Runner*>(self)->begin_threads(); }, this));
        idle_.push_back(fibers_.back().get());
      }
      current_ = idle_.back();
      idle_.pop_back();
    } else {
      try {
        stuck();
      } catch (...) {
        error_ = std::current_exception();
      }
      return;
    }
    current_->resume();
  }
}

void Runner::enter(int thread) {
  running.thread = static_cast<std::uint16_t>(thread);
  running.warp_time = warp_times_[thread / kWarp];
  threadIdx = {static_cast<unsigned>(thread), 0, 0};
}

// On a fiber.
void Runner::begin_threads() {
  try {
    while (begun_ < size()) {
      const int thread = static_cast<int>(order_[begun_++]);
      threads_[thread].fiber = current_;
      enter(thread);
      launch_->kernel(launch_->arguments);
      self().state = State::kReturned;
      ++returned_;
    }
  } catch (...) {
    error_ = std::current_exception();
  }
  idle_.push_back(current_);
}

std::string Runner::name_of(int thread, std::uint32_t moment) const {
  const auto after = std::upper_bound(blocks_.begin(), blocks_.end(), moment,
                                      [](std::uint32_t m, const Began& b) { return m < b.moment; });
  if (after == blocks_.begin()) return text("thread %d", thread);
  const uint3 block = std::prev(after)->block;
  std::string words = text("block %u,%u", block.x, block.y);
  if (launch_->grid.z > 1) words += text(",%u", block.z);
  return words + text(" thread %d", thread);
}

void execute(const Launch& launch) {
  runner().run(launch);
}

std::string name_of_thread(int thread, std::uint32_t moment) {
  return runner().name_of(thread, moment);
}

}  // namespace incept::cuda::sim
