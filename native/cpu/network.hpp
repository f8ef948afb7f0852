// What the emitted files of a network define, and the engine uses.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../abi/engine.hpp"
#include "level.hpp"

namespace incept::cpu {
class Member;  // team.hpp, which takes a compiler seconds to read
}

namespace incept::network {

// What the kernels were compiled for.
extern const cpu::Level level;

// Floats of scratch that `prepare` needs.
extern const std::size_t staging_floats;

// From parameters `p`, in the order of info.parameters, to prepared weights `w`, by way of the
// scratch `s`.
void prepare(const float* const* p, float* s, float* w);

// One image of a batch.
struct Run {
  const void* const* inputs;  // Of the whole batch.
  void* const* outputs;
  std::int64_t image;
  float* arena;
  const float* weights;

  // The image's own numbers at a port, which has `count` of them an image.
  template <class T>
  const T* input(std::size_t port, std::int64_t count) const {
    return static_cast<const T*>(inputs[port]) + image * count;
  }
  template <class T>
  T* output(std::size_t port, std::int64_t count) const {
    return static_cast<T*>(outputs[port]) + image * count;
  }
};

// Called by every member of a team, which may be a thread alone. The caller puts a barrier between
// two images that have the same arena.
void forward(cpu::Member& t, const Run& run);

}  // namespace incept::network
