// What the emitted files of a network define, and the engine uses.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../abi/engine.hpp"
#include "batch.hpp"
#include "level.hpp"

namespace incept::cpu {
class Member;  // team.hpp, which takes a compiler seconds to read
}

namespace incept::network {

struct Run;

// From parameters `p`, in the order of info.parameters, to some of the prepared weights `w`, by way
// of the scratch `s`. Several may run side by side.
using Prepare = void (*)(const float* const* p, float* s, float* w);

struct Preparation {
  Prepare prepare;
  const int* parameters;  // Those that it reads; the others of `p` may be anything.
  int parameter_count;
};

template <int... PARAMETERS>
struct Parameters {
  static constexpr int list[] = {PARAMETERS..., -1};
};

// A preparation and the parameters that it reads.
template <int... PARAMETERS>
constexpr Preparation reads(Prepare prepare) {
  return {prepare, Parameters<PARAMETERS...>::list, int(sizeof...(PARAMETERS))};
}

// The network for one instruction set. Plans and layouts differ: weights that one prepared are
// rubbish to another.
struct Program {
  cpu::Level level;           // What its kernels were compiled for.
  const char* target;         // "cpu avx2"
  std::uint64_t arena_bytes;  // As in incept_info.
  std::uint64_t weight_bytes;
  std::size_t staging_floats;  // Scratch that a preparation needs.
  // How many images it takes together, each in an arena of its own, so that a layer that waits for
  // its weights reads them once for all; 1 where no layer asks for that.
  int group;
  // About how many microseconds one core takes for an image: enough to tell whether another one is
  // worth waking.
  double work;
  const Preparation* preparations;
  int preparation_count;
  // Called by every member of a team. The caller puts a barrier between two runs in the same
  // arenas.
  void (*forward)(cpu::Member& t, const Run& run);

  // Floats from the arena of an image to that of the next.
  std::ptrdiff_t arena_floats() const { return std::ptrdiff_t(arena_bytes / sizeof(float)); }
};

// Best first.
extern const Program programs[];
extern const std::size_t program_count;

// Images of a batch: `images` of them, from `image` on.
struct Run {
  const void* const* inputs;  // Of the whole batch.
  void* const* outputs;
  std::int64_t image;
  std::int64_t images;
  float* arena;         // Of the first image.
  std::int64_t arenas;  // How many there are from there on.
  const float* weights;
  const Program* program;

  // The first image's own numbers at a port, which has `count` of them an image.
  template <class T>
  const T* input(std::size_t port, std::int64_t count) const {
    return static_cast<const T*>(inputs[port]) + image * count;
  }
  template <class T>
  T* output(std::size_t port, std::int64_t count) const {
    return static_cast<T*>(outputs[port]) + image * count;
  }

  // What lies at the same place for each of the images: in their arenas, or at a port.
  cpu::Batch<float> all(float* first) const {
    return {first, program->arena_floats(), int(images)};
  }
  template <class T>
  cpu::Batch<T> all(T* first, std::ptrdiff_t count) const {
    return {first, count, int(images)};
  }
  cpu::Batch<float> all(std::nullptr_t) const { return {nullptr, 0, int(images)}; }
};

// Called by every member of a team: calls `walk` for every image, a run of its own. As many as make
// equal numbers for all are walked by one member each, and those that are left over all walk
// together. engine.cpp has it.
void each_image(cpu::Member& t, const Run& run, void (*walk)(cpu::Member& t, const Run& image));

// Returns when all members have come here.
void meet(cpu::Member& t);

}  // namespace incept::network
