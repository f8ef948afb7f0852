// A network on GPUs.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "network.hpp"

namespace incept {

// The prepared weights on the host, and on each GPU that a session has asked for them.
class Model {
 public:
  explicit Model(const incept_source& source);
  // The weights on the device's GPU; all sessions there share them. They go with the last one.
  std::shared_ptr<cuda::Memory> on(cuda::Device& device) const;

 private:
  std::vector<std::byte> packed_;
  mutable std::mutex mutex_;  // Sessions may be made at once.
  mutable std::vector<std::weak_ptr<cuda::Memory>> uploaded_;
};

class Session {
 public:
  // Takes the device and memory for the largest batch, chooses engines and captures the graphs.
  Session(std::shared_ptr<const Model> model, int device);
  void run(std::int64_t batch, const void* const* inputs, void* const* outputs);
  // Milliseconds of a run without the copies from and to the caller, the mean of `runs`. A batch
  // that is no rung of the ladder counts as the rung that its first images go to.
  double time(std::int64_t batch, int runs);
  // What each library call was given to, one a line, the device first.
  std::string report() const;

 private:
  // One batch size of the ladder.
  struct Rung {
    explicit Rung(std::int64_t batch) : walk(batch) {}
    cuda::Walk walk;
    std::unique_ptr<cuda::Recorder> recorder;
  };

  void allocate_buffers();
  void build();
  void capture(Rung& rung);
  template <class Begin>
  void take(cuda::Walk& walk, Begin&& begin);
  void pin_inputs(std::int64_t first, std::int64_t count, const void* const* inputs);
  void fetch_outputs(std::int64_t first, std::int64_t count, void* const* outputs);

  std::shared_ptr<const Model> model_;
  cuda::Device device_;
  cuda::Buffers buffers_;
  std::vector<std::unique_ptr<Rung>> rungs_;
  std::vector<std::int64_t> sizes_;
};

}  // namespace incept
