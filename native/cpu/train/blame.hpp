// Which number of a batch was the first that is not finite, for the message.
#pragma once

#include <cstdint>
#include <string>

#include "../team.hpp"
#include "parameters.hpp"
#include "run.hpp"

namespace incept::cpu {

// "conv_1: conv 3x3 32 (spec.incept:3:5)"; runs the batch again.
std::string first_not_finite(Team& team, BatchRun run, Parameters& parameters);

}  // namespace incept::cpu
