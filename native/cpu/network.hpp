// What the emitted files of a network define, and the engine uses.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../abi/engine.hpp"
#include "level.hpp"

namespace incept {
class Member;  // team.hpp, which takes a compiler seconds to read
}

namespace incept::network {

// What the kernels were compiled for.
extern const CpuLevel level;

// Floats of scratch that `prepare` needs.
extern const std::size_t staging_floats;

// From parameters `p`, in the order of info.parameters, to prepared weights `w`, by way of the
// scratch `s`.
void prepare(const float* const* p, float* s, float* w);

// One image of a batch.
struct Run {
  const float* const* inputs;  // Of the whole batch.
  float* const* outputs;
  std::int64_t image;
  float* arena;
  const float* weights;
};

// Called by every member of a team. The caller puts a barrier between two images.
void forward(Member& t, const Run& run);

}  // namespace incept::network
