// Weights are prepared by a team of threads that ends with it. Each brings the parameters of a
// preparation to memory where they are not there yet, prepares them, and goes on: a checkpoint is
// read while it is prepared, and never is in memory as a whole.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <system_error>
#include <vector>

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

// How it ended.
struct Prepared {
  bool has_memory = true;
  int unread = -1;  // A parameter whose values cannot be had.
};

// Whole cache lines of floats.
inline std::size_t whole_lines(std::size_t floats) {
  return (floats + 15) / 16 * 16;
}

// The floats of all that a preparation reads, each parameter on cache lines of its own.
inline std::size_t read_floats(const network::Preparation& preparation) {
  std::size_t floats = 0;
  for (int i = 0; i < preparation.parameter_count; ++i)
    floats += whole_lines(std::size_t(network::info.parameters[preparation.parameters[i]].count));
  return floats;
}

// Fills in where the parameters of a preparation are, some of them in `room`; -1, or the one that
// cannot be had.
inline int find_parameters(const network::Preparation& preparation, const incept_source& source,
                           float* room, std::vector<const float*>& found) {
  for (int i = 0; i < preparation.parameter_count; ++i) {
    const int parameter = preparation.parameters[i];
    const auto index = std::size_t(parameter);
    found[index] = source.values(source.context, index, room);
    if (found[index] == nullptr) return parameter;
    room += whole_lines(std::size_t(network::info.parameters[index].count));
  }
  return -1;
}

// Each preparation is one thread's, with scratch of its own: how many there are changes no bit.
inline Prepared prepare(const network::Program& program, const incept_source& source,
                        float* weights, int threads) {
  const int count = program.preparation_count;
  const std::size_t staging = whole_lines(program.staging_floats);
  std::size_t room = 0;
  for (int i = 0; i < count; ++i) room = std::max(room, read_floats(program.preparations[i]));
  Memory scratch;
  if (!scratch.allocate((staging + room) * std::size_t(threads), false)) return {false, -1};
  std::vector<std::vector<const float*>> found(
      std::size_t(threads), std::vector<const float*>(network::info.parameter_count));
  std::atomic<int> next{0}, unread{-1};
  Team(threads).run([&](Member& t) {
    const auto rank = std::size_t(t.rank());
    float* const own = scratch.data() + (staging + room) * rank;
    for (int i; (i = next.fetch_add(1, std::memory_order_relaxed)) < count;) {
      const network::Preparation& preparation = program.preparations[i];
      const int absent = find_parameters(preparation, source, own + staging, found[rank]);
      if (absent >= 0) {
        unread.store(absent, std::memory_order_relaxed);
        next.store(count, std::memory_order_relaxed);
        return;
      }
      preparation.prepare(found[rank].data(), own, weights);
    }
  });
  return {true, unread.load()};
}

// On as many threads as there are cores for, or on the caller's where the system gives none.
inline Prepared prepare(const network::Program& program, const incept_source& source,
                        float* weights) {
  try {
    return prepare(program, source, weights, preparing_threads(program));
  } catch (const std::system_error&) {
    return prepare(program, source, weights, 1);
  }
}

}  // namespace incept::cpu
