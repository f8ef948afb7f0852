// One task of native/cuda on values of the test's choosing: places them in an arena, runs the task,
// fetches what it has written, and sees that nothing else has changed. It uses nothing but what
// native/cuda/README.md promises, so it runs on a GPU as on the simulator.
#pragma once

#include <algorithm>
#include <cstring>
#include <functional>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "cuda/walk.hpp"
#ifdef INCEPT_SIM
#include "sim/faults.hpp"
#endif

namespace check {

using namespace incept;
using namespace incept::cuda;
using Floats = std::vector<float>;

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

inline Floats random(std::size_t count, float low = -1, float high = 1) {
  static std::mt19937 engine(7);
  std::uniform_real_distribution<float> number(low, high);
  Floats values(count);
  for (float& x : values) x = number(engine);
  return values;
}

// With a NaN and infinities of both signs among them.
inline Floats poisoned(Floats values) {
  const std::size_t n = values.size();
  values[n / 2] = kNaN, values[n / 3] = kInfinity, values[n / 5] = -kInfinity;
  return values;
}

template <class P>
float read(const std::byte* from) {
  typename P::Stored stored;
  std::memcpy(&stored, from, sizeof stored);
  if constexpr (P::type == Type::kF16) return f16_value(stored);
  if constexpr (P::type == Type::kBF16) return bf16_value(stored);
  return static_cast<float>(stored);
}

template <class P>
Floats rounded(Floats values) {
  for (float& x : values) {
    const typename P::Stored stored = P::store(x);
    x = read<P>(reinterpret_cast<const std::byte*>(&stored));
  }
  return values;
}

// Channels of the buffer before and behind a value's own.
struct Margin {
  int before = 0, behind = 0;
};

template <class P>
class Bench {
 public:
  explicit Bench(std::int64_t batch) : batch_(batch) {}

  // A place for a value in a buffer of its own; all bytes are NaN.
  Value place(int channels, int height, int width, Margin margin = {}) {
    const int pitch = margin.before + channels + margin.behind;
    Value value = Value{}.image(channels, height, width).at(image_bytes_);
    value.slice(margin.before, pitch);
    image_bytes_ += (value.pixels() * pitch * kSize + 255) / 256 * 256;
    arena_.resize(batch_ * image_bytes_, std::byte{0xff});
    return value;
  }
  // The same, holding `batch` planar images.
  Value put(const Floats& planar, int channels, int height, int width, Margin margin = {}) {
    const Value value = place(channels, height, width, margin);
    each(value, [&](std::size_t i, std::int64_t byte) {
      const typename P::Stored stored = P::store(planar[i]);
      std::memcpy(&arena_[byte], &stored, sizeof stored);
    });
    return value;
  }
  // Prepared weights.
  template <class T>
  Weights weights(const std::vector<T>& values) {
    const std::size_t first = (weights_.size() + 255) / 256 * 256;
    weights_.resize(first + values.size() * sizeof(T));
    std::memcpy(&weights_[first], values.data(), values.size() * sizeof(T));
    return {static_cast<std::int64_t>(first)};
  }
  void input(const Floats& planar) { inputs_.push_back(planar); }
  void output(std::size_t floats) { outputs_.emplace_back(floats); }

  // Runs the task. Whatever is wrong is thrown.
  void run(const std::function<void(Walk&)>& task) {
#ifdef INCEPT_SIM
    sim::faults().seed += 1;  // Another order of blocks and threads.
#endif
    Device device;
    Buffers buffers;
    upload(device, buffers.arena, arena_);
    buffers.weights = std::make_shared<Memory>();
    upload(device, *buffers.weights, weights_);
    HostMemory arena;
    arena.allocate(device, arena_.size() / sizeof(float));
    for (const Floats& input : inputs_) {
      pin(device, buffers.inputs, buffers.pinned_inputs, input.size());
      std::copy(input.begin(), input.end(), buffers.pinned_inputs.back()->data());
    }
    for (const Floats& output : outputs_)
      pin(device, buffers.outputs, buffers.pinned_outputs, output.size());
    Recorder recorder(device, Recorder::Mode::kEager, 2);
    Walk g(batch_);
    g.begin_running(device, buffers, recorder);
    g.task(0);
    task(g);
    g.task(1, 0);
    recorder.copy_out(arena, buffers.arena, arena_.size() / sizeof(float));
    g.end();
    recorder.finish();
    after_.resize(arena_.size());
    std::memcpy(after_.data(), arena.data(), arena_.size());
    for (std::size_t i = 0; i < outputs_.size(); ++i)
      std::copy_n(buffers.pinned_outputs[i]->data(), outputs_[i].size(), outputs_[i].begin());
  }

  // After the run: the value as planar images. All other bytes must be as they were.
  Floats got(const Value& value) {
    Floats planar(batch_ * value.elements());
    each(value, [&](std::size_t i, std::int64_t byte) {
      planar[i] = read<P>(&after_[byte]);
      std::memcpy(&after_[byte], &arena_[byte], kSize);
    });
    if (after_ != arena_) throw Failure("test", "bytes beside the output have changed");
    return planar;
  }
  const Floats& output_floats(int i) const { return outputs_[i]; }

 private:
  static constexpr std::int64_t kSize = sizeof(typename P::Stored);

  template <class Visit>
  void each(const Value& v, Visit&& visit) const {
    for (std::int64_t n = 0, i = 0; n < batch_; ++n)
      for (int c = 0; c < v.channels; ++c)
        for (std::int64_t p = 0; p < v.pixels(); ++p, ++i)
          visit(static_cast<std::size_t>(i),
                batch_ * v.offset + ((n * v.pixels() + p) * v.pitch + v.channel + c) * kSize);
  }
  static void upload(Device& device, Memory& memory, const std::vector<std::byte>& bytes) {
    if (bytes.empty()) return;
    memory.allocate(device, bytes.size());
    device.upload(memory, bytes.data(), bytes.size());
  }
  static void pin(Device& device, std::vector<std::unique_ptr<Memory>>& memories,
                  std::vector<std::unique_ptr<HostMemory>>& hosts, std::size_t floats) {
    memories.push_back(std::make_unique<Memory>());
    memories.back()->allocate(device, floats * sizeof(float));
    hosts.push_back(std::make_unique<HostMemory>());
    hosts.back()->allocate(device, floats);
  }

  const std::int64_t batch_;
  std::int64_t image_bytes_ = 0;
  std::vector<std::byte> arena_, after_, weights_;
  std::vector<Floats> inputs_, outputs_;
};

}  // namespace check
