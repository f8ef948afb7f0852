// The tasks of one walk: as a CUDA graph to replay, or carried out at once.
#pragma once

#include <driver_types.h>
#include <vector_types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "context.hpp"
#include "global.hpp"
#include "memory.hpp"

namespace incept::cuda {

class Device;

// In a graph each task is captured by itself, depending on the last nodes of the tasks that it
// names and on nothing else, so tasks that do not depend on each other may run side by side. A
// recorder that threw is only good for destruction.
class Recorder {
 public:
  enum class Mode { kEager, kGraph };

  Recorder(Device& device, Mode mode, int tasks);
  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  // `after`: tasks that were recorded before.
  void begin_task(int task, const int* after, std::size_t count);
  // kEager: waits, so that what a kernel does wrong is told of the task that launched it.
  void end_task();
  // kGraph: makes it executable. kEager: waits.
  void finish();
  // kGraph: enqueues it all; Device::synchronize() waits for the end.
  void replay();
  // copy_in and copy_out do nothing: for timing.
  void leave_copies_out() { copies_ = false; }

  // The GPU checks neither bounds nor races; the simulator's form of this does.
  template <class T>
  Global<T> view(Memory& memory, std::int64_t first, std::int64_t /*count*/, std::int64_t /*pitch*/,
                 std::int64_t /*length*/) {
    return reinterpret_cast<T*>(memory.data() + first);
  }

  // The arguments become what the kernel's parameters are. Only nvcc makes kernels to give to it.
  template <class... P, class... A>
  void launch(const char* name, void (*kernel)(P...), dim3 grid, int threads, A... args) {
    [&](P... parameters) {
      void* pointers[] = {&parameters..., nullptr};
      enqueue(name, reinterpret_cast<const void*>(kernel), grid, threads, pointers);
    }(args...);
  }
  void copy_in(Memory& to, const HostMemory& from, std::size_t floats);
  void copy_out(HostMemory& to, Memory& from, std::size_t floats);

  // ---- For this folder.

  Device& device() { return device_; }

 private:
  // Nodes that end a task, and how to depend on each.
  struct Leaves {
    std::vector<cudaGraphNode_t> nodes;
    std::vector<cudaGraphEdgeData> edges;
    void add(cudaGraphNode_t node, const cudaGraphEdgeData& edge);
  };

  void enqueue(const char* name, const void* kernel, dim3 grid, int threads, void** parameters);

  Device& device_;
  const Mode mode_;
  const context::Generation generation_;
  std::vector<Leaves> leaves_;
  int task_ = -1;
  bool copies_ = true;
  std::optional<context::Capture> capture_;
  cudaGraph_t graph_ = nullptr;
  cudaGraphExec_t executable_ = nullptr;
};

}  // namespace incept::cuda
