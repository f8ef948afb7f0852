// What an OS thread is simulating at the moment: who accesses memory, and when.
#pragma once

#include <cstdint>
#include <string>

namespace incept::cuda::sim {

// Moments number the intervals between barriers, those of all blocks of all launches, upwards.
struct Running {
  const char* what = nullptr;  // The kernel, or the library's operation.
  int task = -1;
  bool in_block = false;  // A thread of a block; else a library or a copy.
  std::uint32_t launch_began = 0, block_began = 0, now = 0;  // Moments.
  std::uint16_t thread = 0;                                  // In the block.
  std::uint16_t warp_time = 0;  // Synchronisations of the thread's warp since `now` began.
};

inline thread_local Running running;

// A moment that no one has had before, in this process.
std::uint32_t next_moment();

// "max_pool, block 3,0 thread 17, task 4".
std::string who();

// Throws Failure `code` with who() and what they do: "reads element 3 ...".
[[noreturn]] void violation(const char* code, const std::string& does);

}  // namespace incept::cuda::sim
