// Runs an emitted training program and prints what each of its levels takes at best, in
// milliseconds a batch, a line each. It stands in the place of native/cpu/train/watch.cpp: what is
// called where a level ends looks at the clock instead of at the numbers.
//
//     layers BATCH THREADS RUNS
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <vector>

#include "cpu/memory.hpp"
#include "cpu/shape.hpp"
#include "cpu/team.hpp"
#include "cpu/train/program.hpp"
#include "cpu/train/run.hpp"

namespace incept::cpu {
namespace {

using Clock = std::chrono::steady_clock;

Clock::time_point last;
std::vector<double> least;  // Seconds, by level.

}  // namespace

void BatchRun::look(Member& t, int level) const {
  if (t.rank() == 0) {
    const Clock::time_point now = Clock::now();
    if (least.size() <= std::size_t(level))
      least.resize(level + 1, std::numeric_limits<double>::infinity());
    least[level] = std::min(least[level], std::chrono::duration<double>(now - last).count());
    last = now;
  }
  t.barrier();
}

}  // namespace incept::cpu

using namespace incept;

namespace {

// Numbers around 0, so that nothing runs away.
void fill(std::vector<float>& numbers, float reach) {
  unsigned state = 1;
  for (float& number : numbers) {
    state = state * 1664525u + 1013904223u;
    number = reach * (float(state >> 8) / float(1 << 23) - 1);
  }
}

}  // namespace

int main(int, char** arguments) {
  const int batch = std::atoi(arguments[1]), runs = std::atoi(arguments[3]);
  const incept_train_info& info = training::info;
  cpu::Team team(std::atoi(arguments[2]));
  const std::size_t scratch = cpu::round_up(info.thread_bytes, 64);

  cpu::Memory images, once, own, weights, staging;
  images.allocate(info.image_bytes * batch / 4 + 1);
  once.allocate(info.batch_bytes / 4 + 1);
  own.allocate(scratch * (team.size() + 1) / 4 + 1);
  weights.allocate(info.weight_bytes / 4 + 1);
  staging.allocate(training::staging_floats);

  std::vector<std::vector<float>> parameters, inputs, outputs(info.result_count);
  for (std::vector<float>& result : outputs) result.resize(1);
  std::vector<const float*> values;
  for (std::size_t i = 0; i < info.parameter_count; ++i) {
    parameters.emplace_back(info.parameters[i].count);
    fill(parameters.back(), 0.05f);
    if (info.gradients[i] == INCEPT_STATE)
      for (float& number : parameters.back()) number = 1;
    if (info.gradients[i] >= 0) outputs.emplace_back(info.parameters[i].count);
  }
  for (const std::vector<float>& parameter : parameters) values.push_back(parameter.data());
  std::vector<const void*> given;
  for (std::size_t i = 0; i < info.input_count; ++i) {
    const incept_train_port& port = info.inputs[i];
    inputs.emplace_back(port.port.count * (port.extent == INCEPT_IMAGE ? batch : 1));
    // Class 0 for every target, and 1 for what weighs a loss.
    if (port.port.dtype == INCEPT_F32) fill(inputs.back(), 1);
  }
  for (const std::vector<float>& input : inputs) given.push_back(input.data());
  // Gradients follow the results in the order of the parameters.
  std::vector<void*> taken;
  for (std::vector<float>& output : outputs) taken.push_back(output.data());

  int watching = 0;
  const auto bytes = [](cpu::Memory& floats) {
    return reinterpret_cast<std::byte*>(floats.data());
  };
  const cpu::BatchRun run = {batch,
                             bytes(images),
                             bytes(once),
                             bytes(own),
                             std::ptrdiff_t(scratch),
                             weights.data(),
                             values.data(),
                             given.data(),
                             taken.data(),
                             reinterpret_cast<cpu::Watch*>(&watching)};
  training::prepare(values.data(), staging.data(), weights.data());
  for (int i = 0; i <= runs; ++i) {
    cpu::last = cpu::Clock::now();
    team.run([&](cpu::Member& t) { training::run(t, run); });
  }
  for (const double seconds : cpu::least) std::printf("%.4f\n", seconds * 1000);
}
