// Launches: the blocks of a grid one after the other, the threads of a block in turns.
#pragma once

#include <cstdint>
#include <string>

#include "keywords.hpp"

namespace incept::cuda::sim {

struct Launch {
  const char* name;
  int task;
  dim3 grid;
  int threads;
  std::uint64_t seed;  // For the order of blocks and threads.
  void (*kernel)(const void* arguments);
  const void* arguments;
};

// Throws what a thread throws: a Failure that names it.
void execute(const Launch& launch);

// "block 3,0 thread 17", of the launch under way.
std::string name_of_thread(int thread, std::uint32_t moment);

}  // namespace incept::cuda::sim
