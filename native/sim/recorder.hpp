// The tasks of one walk: what they launch, what they may touch and what they follow.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <tuple>
#include <utility>
#include <vector>

#include "block.hpp"
#include "device.hpp"
#include "pointer.hpp"
#include "view.hpp"

namespace incept::cuda {
namespace sim {

struct Task {
  int id = -1;
  std::vector<int> after;             // Tasks by their place in the record.
  std::vector<std::uint64_t> before;  // A bit for each task that has ended when this one begins.
  std::deque<View> views;             // Pointers to them are given out.
  std::vector<std::function<void()>> actions;

  bool follows(std::size_t place) const {
    return place / 64 < before.size() && (before[place / 64] >> (place % 64) & 1);
  }
};

// Throws sim/shared-bytes where two tasks that nothing orders touch the same bytes, one writing.
void check_concurrent(const std::deque<Task>& tasks);

// Poisons what `done` has touched and no task that is still to run reads before writing it.
void poison_dead(const Task& done, const std::deque<Task>& tasks, const std::vector<bool>& ran);

// Throws sim/unwritten-output where the task has left a byte of its views for writing as it was.
void check_outputs(const Task& done);

}  // namespace sim

class Recorder {
 public:
  enum class Mode { kEager, kGraph };

  Recorder(Device& device, Mode mode, int tasks);
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  void begin_task(int task, const int* after, std::size_t count);
  void end_task();
  void finish();
  void replay();
  void leave_copies_out() { copies_ = false; }

  template <class T>
  Global<T> view(Memory& memory, std::int64_t first, std::int64_t count, std::int64_t pitch,
                 std::int64_t length) {
    const sim::Region region{first, count, pitch, length};
    return {add_view(memory, region, sizeof(T), !std::is_const_v<T>), first};
  }

  template <class... P, class... A>
  void launch(const char* name, void (*kernel)(P...), dim3 grid, int threads, A... args) {
    static_assert(sizeof...(P) == sizeof...(A), "a kernel gets all its arguments");
    using Call = std::pair<void (*)(P...), std::tuple<P...>>;
    const Call call{kernel, std::tuple<P...>(static_cast<P>(args)...)};
    std::apply([&](const auto&... one) { (check_argument(name, one), ...); }, call.second);
    const std::uint64_t seed = next_seed();
    act([this, name, grid, threads, seed, call, task = current_id()] {
      const auto kernel_of = [](const void* arguments) {
        const Call& the = *static_cast<const Call*>(arguments);
        std::apply(the.first, the.second);
      };
      sim::execute({name, task, grid, threads, seed_of_run(seed), kernel_of, &call});
    });
  }

  void copy_in(Memory& to, const HostMemory& from, std::size_t floats);
  void copy_out(HostMemory& to, Memory& from, std::size_t floats);

  // ---- For the simulator.

  // Does the action in its turn, for the task under way, as the library's operation `what`.
  void library(const char* what, std::function<void()> action);
  // That the pointer's view belongs to the task under way.
  void check_view(const char* what, const sim::View* view) const;

 private:
  const sim::View* add_view(Memory& memory, const sim::Region& region, std::int64_t element,
                            bool writable);
  void act(std::function<void()> action);
  int current_id() const { return open_ ? tasks_.back().id : -1; }
  std::uint64_t next_seed() { return ++launches_; }
  std::uint64_t seed_of_run(std::uint64_t launch) const;
  void poison_all();
  void run_task(std::size_t place);

  template <class T>
  void check_argument(const char* name, Global<T> pointer) const {
    check_view(name, pointer.view());
  }
  template <class T>
  void check_argument(const char*, const T&) const {}

  Device& device_;
  const Mode mode_;
  std::deque<sim::Task> tasks_;
  std::vector<int> places_;  // By task id; -1: not recorded.
  bool open_ = false, finished_ = false, copies_ = true;
  std::uint64_t launches_ = 0, replays_ = 0;
};

}  // namespace incept::cuda
