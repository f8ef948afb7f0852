// What the emitted files of a GPU's network define, and the engine uses.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../abi/engine.hpp"
#include "stage.hpp"

namespace incept::network {

// A step's paths in the spec, and the operation: "conv 3x3 128 pad 1 relu".
struct StepName {
  const char* paths;
  const char* what;
};

extern const char* const precision;
extern const StepName steps[];
extern const int step_count;

// Floats of scratch that `prepare` needs.
extern const std::size_t staging_floats;

// From parameters `p`, in the order of info.parameters, to prepared weights `w`, by way of the
// scratch `s`.
void prepare(const float* const* p, float* s, std::byte* w);

// Goes through the network for the stage's batch size.
void forward(cuda::Stage& g);

}  // namespace incept::network
