// Weights are prepared by a team of threads that ends with it.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <system_error>

#include "cores.hpp"
#include "memory.hpp"
#include "network.hpp"
#include "team.hpp"

namespace incept::cpu {

// How many threads are worth starting: what takes less than some of them is done by fewer.
inline int preparing_threads(const network::Program& program) {
  constexpr std::uint64_t kEach = std::uint64_t(1) << 20;  // Bytes.
  const std::uint64_t most = std::min<std::uint64_t>(program.weight_bytes / kEach, 64);
  return std::max(1, std::min({physical_cores(), program.preparation_count, int(most)}));
}

// Each preparation is one thread's, with scratch of its own: how many there are changes no bit.
// False where there is no memory for the scratch.
inline bool prepare(const network::Program& program, const float* const* parameters, float* weights,
                    int threads) {
  const std::size_t apart = (program.staging_floats + 15) / 16 * 16;
  Memory scratch;
  if (!scratch.allocate(apart * std::size_t(threads), false)) return false;
  std::atomic<int> next{0};
  Team(threads).run([&](Member& t) {
    float* const own = scratch.data() + apart * std::size_t(t.rank());
    for (int i; (i = next.fetch_add(1, std::memory_order_relaxed)) < program.preparation_count;)
      program.preparations[i](parameters, own, weights);
  });
  return true;
}

// On as many threads as there are cores for, or on the caller's where the system gives none.
inline bool prepare(const network::Program& program, const float* const* parameters,
                    float* weights) {
  try {
    return prepare(program, parameters, weights, preparing_threads(program));
  } catch (const std::system_error&) {
    return prepare(program, parameters, weights, 1);
  }
}

}  // namespace incept::cpu
