#include "block.hpp"

#include <algorithm>
#include <cstring>
#include <exception>
#include <memory>
#include <utility>
#include <vector>

#include "../cuda/failure.hpp"
#include "fiber.hpp"
#include "order.hpp"
#include "pointer.hpp"
#include "running.hpp"

namespace incept::cuda::sim {
namespace {

constexpr int kMaxThreads = 1024, kWarp = 32;
constexpr std::int64_t kSharedBytes = 48 << 10;

enum class State { kReady, kAtBarrier, kAtWarp, kReturned };

struct Thread {
  State state = State::kReady;
  Fiber* fiber = nullptr;
  Site site{};
  Shuffle kind = Shuffle::kNone;
  unsigned mask = 0;
  int by = 0;
  std::uint32_t bits = 0;  // What it gives to a shuffle, then what it gets.
};

bool same(Site a, Site b) {
  return a.line == b.line && (a.file == b.file || std::strcmp(a.file, b.file) == 0);
}

std::string text_of(Site site) {
  const std::string file = site.file;
  return file.substr(file.rfind('/') + 1) + text(":%d", site.line);
}

struct Shared {
  const void* key;
  View view;
};

// One to an OS thread. A fiber takes threads of the block that have not begun, one after the other;
// one that has to wait keeps its fiber, and another fiber goes on.
class Runner {
 public:
  void run(const Launch& launch);
  std::string name_of(int thread, std::uint32_t moment) const;

  void sync_block(Site site);
  std::uint32_t sync_warp(Shuffle kind, unsigned mask, std::uint32_t bits, int by, Site site);
  const View* shared(const void* key, const char* name, std::int64_t count, std::int64_t element);

 private:
  void run_block(std::uint64_t block);
  void begin_threads();
  void enter(int thread);
  void wait();
  Thread& self() { return threads_[running.thread]; }
  int size() const { return launch_->threads; }
  std::string text_of_thread(int thread) const { return text("thread %d", thread); }
  [[noreturn]] void stuck();
  void pass_warp(unsigned mask);
  void check_lanes(const Thread& me, unsigned mask);

  const Launch* launch_ = nullptr;
  std::vector<std::unique_ptr<Fiber>> fibers_;
  std::vector<Fiber*> idle_;
  std::vector<Thread> threads_;
  std::vector<int> ready_;  // Have waited and may go on.
  std::vector<std::uint16_t> warp_times_;
  std::vector<std::unique_ptr<Shared>> shared_;
  std::int64_t shared_bytes_ = 0;
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
                  text("%s, step %d: is launched with %ux%ux%u blocks of %d threads", launch.name,
                       launch.step, grid.x, grid.y, grid.z, launch.threads));
  gridDim = {grid.x, grid.y, grid.z};
  blockDim = {static_cast<unsigned>(launch.threads), 1, 1};
  running = Running{};
  running.what = launch.name, running.step = launch.step, running.in_block = true;
  running.launch_began = next_moment();
  threads_.resize(launch.threads);
  warp_times_.resize((launch.threads + kWarp - 1) / kWarp);
  blocks_.clear();
  shared_.clear();
  shared_bytes_ = 0;
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
  for (auto& one : shared_) one->view.store->poison(0, one->view.store->bytes());
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

void Runner::wait() {
  current_->suspend();
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

void Runner::sync_block(Site site) {
  Thread& me = self();
  me.site = site;
  me.state = State::kAtBarrier;
  if (++at_barrier_ < size()) return wait();
  for (int i = 0; i < size(); ++i)
    if (!same(threads_[i].site, site))
      violation("sim/divergence", "waits at the barrier of " + text_of(site) + " while " +
                                      text_of_thread(i) + " waits at that of " +
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

// That the lanes named do the same as `me`, as far as they have arrived.
void Runner::check_lanes(const Thread& me, unsigned mask) {
  const int first = running.thread / kWarp * kWarp;
  const char* what = me.kind == Shuffle::kNone ? "__syncwarp" : "a shuffle";
  if ((mask >> (running.thread % kWarp) & 1) == 0)
    violation("sim/divergence", text("calls %s at %s with a mask, %08x, that leaves it out itself",
                                     what, text_of(me.site).c_str(), mask));
  for (int lane = 0; lane < kWarp; ++lane) {
    if ((mask >> lane & 1) == 0) continue;
    const int thread = first + lane;
    if (thread >= size()) {
      // Of a last warp that is not full the barrier asks nothing; a shuffle would read from it.
      if (me.kind == Shuffle::kNone) continue;
      violation("sim/divergence", text("shuffles at %s with a mask, %08x, that names lane %d, but "
                                       "the block has %d threads",
                                       text_of(me.site).c_str(), mask, lane, size()));
    }
    const Thread& other = threads_[thread];
    if (other.state != State::kAtWarp) continue;
    if (other.kind != me.kind || other.mask != mask || !same(other.site, me.site))
      violation("sim/divergence",
                text("calls %s at %s with mask %08x while thread %d, which that names, is at %s "
                     "with mask %08x",
                     what, text_of(me.site).c_str(), mask, thread, text_of(other.site).c_str(),
                     other.mask));
  }
}

std::uint32_t Runner::sync_warp(Shuffle kind, unsigned mask, std::uint32_t bits, int by,
                                Site site) {
  Thread& me = self();
  const int first = running.thread / kWarp * kWarp;
  const int lanes = std::min(kWarp, size() - first);
  me.site = site, me.kind = kind, me.mask = mask, me.bits = bits, me.by = by;
  check_lanes(me, mask);
  me.state = State::kAtWarp;
  for (int lane = 0; lane < lanes; ++lane) {
    if ((mask >> lane & 1) && threads_[first + lane].state != State::kAtWarp) {
      wait();
      return me.bits;
    }
  }
  pass_warp(mask);
  return me.bits;
}

// All lanes named have arrived, the running thread last.
void Runner::pass_warp(unsigned mask) {
  const int first = running.thread / kWarp * kWarp;
  const int lanes = std::min(kWarp, size() - first);
  std::uint32_t given[kWarp];
  for (int lane = 0; lane < lanes; ++lane) given[lane] = threads_[first + lane].bits;
  for (int lane = 0; lane < lanes; ++lane) {
    if ((mask >> lane & 1) == 0) continue;
    Thread& thread = threads_[first + lane];
    if (thread.kind != Shuffle::kNone) {
      const unsigned from = thread.kind == Shuffle::kXor ? unsigned(lane) ^ unsigned(thread.by)
                                                         : unsigned(lane) + unsigned(thread.by);
      if (from < unsigned(kWarp)) thread.bits = (mask >> from & 1) ? given[from] : ~0u;
    }
    thread.state = State::kReady;
    if (first + lane != running.thread) ready_.push_back(first + lane);
  }
  // Only __syncwarp orders memory, and only between all lanes can one count stand for it.
  const unsigned all = lanes == kWarp ? ~0u : (1u << lanes) - 1;
  if (self().kind == Shuffle::kNone && (mask & all) == all)
    running.warp_time = ++warp_times_[first / kWarp];
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
    why += " for " + text_of_thread(other);
    why += threads_[other].state == State::kReturned
               ? ", which has returned"
               : ", which waits at " + text_of(threads_[other].site);
  }
  violation("sim/divergence", why);
}

const View* Runner::shared(const void* key, const char* name, std::int64_t count,
                           std::int64_t element) {
  for (auto& one : shared_)
    if (one->key == key) return &one->view;
  shared_bytes_ = (shared_bytes_ + 15) / 16 * 16 + count * element;
  if (shared_bytes_ > kSharedBytes)
    violation("sim/launch",
              text("has %lld bytes of shared memory, of %lld that there are",
                   static_cast<long long>(shared_bytes_), static_cast<long long>(kSharedBytes)));
  auto one = std::make_unique<Shared>();
  one->key = key;
  View& view = one->view;
  view.store = std::make_shared<Store>(std::string("shared array ") + name, count * element);
  view.region = {0, 1, count * element, count * element};
  view.element = element;
  view.writable = view.shared = true;
  view.step = running.step;
  shared_.push_back(std::move(one));
  return &shared_.back()->view;
}

}  // namespace

void execute(const Launch& launch) {
  runner().run(launch);
}

std::string name_of_thread(int thread, std::uint32_t moment) {
  return runner().name_of(thread, moment);
}

void sync_block(Site site) {
  runner().sync_block(site);
}

void sync_warp(unsigned mask, Site site) {
  runner().sync_warp(Shuffle::kNone, mask, 0, 0, site);
}

std::uint32_t shuffle(Shuffle kind, unsigned mask, std::uint32_t bits, int by, Site site) {
  return runner().sync_warp(kind, mask, bits, by, site);
}

const View* shared_view(const void* key, const char* name, std::int64_t count,
                        std::int64_t element) {
  return runner().shared(key, name, count, element);
}

}  // namespace incept::cuda::sim
