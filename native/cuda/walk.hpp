// One walk over a network for one batch size. Emitted code calls it task by task; what the
// calls do depends on the walk: describe every problem to the libraries, plan (choose engines and
// ask for workspace), or run (record or execute).
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "failure.hpp"
#include "kernel.hpp"
#include "machine.hpp"
#include "problem.hpp"
#include "value.hpp"
#include "workspace.hpp"

namespace incept::cuda {

// What stands where a task has no bias, scratch or the like.
constexpr Weights none = {-1};

// The memory of an instance that all batch sizes share.
struct Buffers {
  Memory arena;
  std::shared_ptr<Memory> weights;  // Of the model, which other sessions may share.
  std::unique_ptr<Memory> workspace;
  std::vector<std::unique_ptr<Memory>> inputs, outputs;  // Planar f32, as the caller has them.
  std::vector<std::unique_ptr<HostMemory>> pinned_inputs, pinned_outputs;
};

// How a task that a library computes is carried out: chosen while planning, kept for the runs.
struct Method {
  virtual ~Method() = default;
  // Bytes of workspace that it needs.
  virtual std::size_t workspace() const = 0;
  // "strided x, engine 34 (tensor cores), 1.5 MiB", for reports.
  virtual std::string text() const = 0;
};

class Walk {
 public:
  enum class Purpose { kDescribe, kPlan, kRun };

  explicit Walk(std::int64_t batch) : batch_(batch) {}

  std::int64_t batch() const { return batch_; }
  Purpose purpose() const { return purpose_; }

  // ---- For emitted code.

  // What is called until the next task belongs to task `id`, which runs after those named and
  // beside all others.
  template <class... Tasks>
  void task(int id, Tasks... after) {
    open_task(id, {after...});
  }

  // ---- For the functions that emitted code calls.

  // The value's place, for reading (T const) or writing. Only while running, as all that follows.
  template <class T>
  Global<T> at(const Value& v) {
    const std::int64_t size = sizeof(T);
    return recorder_->view<T>(buffers_->arena, batch_ * v.offset + v.channel * size,
                              batch_ * v.pixels(), v.pitch * size, v.channels * size);
  }
  // `count` numbers of the prepared weights; null for `none`.
  template <class T>
  Global<const T> weights(Weights w, std::int64_t count) {
    if (w.byte < 0) return nullptr;
    const std::int64_t bytes = count * std::int64_t(sizeof(T));
    return recorder_->view<const T>(*buffers_->weights, w.byte, 1, bytes, bytes);
  }
  // Bytes of the workspace that this task's method asked for, from `first`.
  template <class T>
  Global<T> workspace(std::int64_t first, std::int64_t bytes) {
    return recorder_->view<T>(*buffers_->workspace, space_.offset(task_) + first, 1, bytes, bytes);
  }

  bool running() const { return purpose_ == Purpose::kRun; }
  Device* device() { return device_; }
  Recorder& recorder() { return *recorder_; }
  Buffers& buffers() { return *buffers_; }

  // While planning: keeps the method of the library call at hand and its need of workspace.
  void keep(std::unique_ptr<Method> method);
  // While running: the method kept for the library call at hand.
  const Method& method();
  // What is being asked of a library, for the message of an error: "conv 3x3 of 8 x 96 x 28x28
  // ...".
  void doing(std::string what) { doing_ = std::move(what); }

  // ---- For the engine.

  void begin_describing(Device* device);
  void begin_planning(Device& device);
  void begin_running(Device& device, Buffers& buffers, Recorder& recorder);
  // Ends a walk: the last task is closed.
  void end();

  // After planning: bytes of workspace for all tasks, those that may run at once apart.
  std::size_t pack_workspace() { return space_.pack(); }
  // The task under way and what was asked of a library, or -1 and nothing.
  int current_task() const { return task_; }
  const std::string& current_doing() const { return doing_; }
  // Library calls described so far.
  std::size_t described() const { return described_; }
  void count_description() { ++described_; }
  // One line a library call: task and method.
  struct Report {
    int task;
    std::string method;
  };
  std::vector<Report> report() const;

 private:
  void open_task(int id, std::initializer_list<int> after);

  struct Kept {
    int task;
    std::unique_ptr<Method> method;
  };

  void begin(Purpose purpose);

  const std::int64_t batch_;
  Purpose purpose_ = Purpose::kDescribe;
  Device* device_ = nullptr;
  Buffers* buffers_ = nullptr;
  Recorder* recorder_ = nullptr;
  std::vector<Kept> methods_;
  std::size_t next_method_ = 0, described_ = 0;
  Workspace space_;
  int task_ = -1;
  bool open_ = false;
  std::string doing_;
};

}  // namespace incept::cuda
