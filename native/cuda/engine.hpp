// One instance of a network on a GPU.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "network.hpp"

namespace incept {

class Engine {
 public:
  // Takes the device and memory for the largest batch.
  Engine();
  // Prepares and uploads; the first time it also chooses engines and captures the graphs.
  void load(const float* const* parameters);
  void run(std::int64_t batch, const float* const* inputs, float* const* outputs);
  // Milliseconds of a run without the copies from and to the caller, the mean of `runs`. A batch
  // that is no rung of the ladder counts as the rung that its first images go to.
  double time(std::int64_t batch, int runs);
  // What each library call was given to, one a line, the device first.
  std::string report() const;

 private:
  // One batch size of the ladder.
  struct Rung {
    explicit Rung(std::int64_t batch) : stage(batch) {}
    cuda::Stage stage;
    std::unique_ptr<cuda::Recorder> recorder;
  };

  void build();
  void capture(Rung& rung);
  template <class Begin>
  void walk(cuda::Stage& stage, Begin&& begin);
  void stage_inputs(std::int64_t first, std::int64_t count, const float* const* inputs);
  void fetch_outputs(std::int64_t first, std::int64_t count, float* const* outputs);

  cuda::Device device_;
  cuda::Buffers buffers_;
  std::vector<std::unique_ptr<Rung>> rungs_;
  std::vector<std::int64_t> sizes_;
};

}  // namespace incept
