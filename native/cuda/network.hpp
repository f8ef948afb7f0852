// What the emitted files of a GPU's network define, and the engine uses.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../abi/engine.hpp"
#include "walk.hpp"

namespace incept::network {

// A task's paths in the spec, and the operation: "conv 3x3 128 pad 1 relu".
struct TaskName {
  const char* paths;
  const char* what;
};

extern const char* const precision;
extern const TaskName tasks[];
extern const int task_count;

// Floats of scratch that `prepare` needs.
extern const std::size_t staging_floats;

// From parameters `p`, in the order of info.parameters, to prepared weights `w`, by way of the
// scratch `s`.
void prepare(const float* const* p, float* s, std::byte* w);

// Goes through the network for the walk's batch size.
void forward(cuda::Walk& g);

}  // namespace incept::network
