// What the emitted code has of each way to compute a layer, for main.cpp to time.
#pragma once

#include <cstddef>
#include <vector>

#include "../cpu/network.hpp"

namespace incept::tuning {

// Called by every member of a team, as a part of an inference is. Sizes in floats.
struct Candidate {
  void (*run)(cpu::Member& t, const network::Run& run);
  std::vector<std::size_t> inputs;
  std::size_t arena, weights;
};

extern const std::vector<Candidate> candidates;

}  // namespace incept::tuning
