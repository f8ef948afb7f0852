// A CUDA runtime without a GPU, for tests of what native/cuda/device asks of it: memory is the
// host's, kernels do nothing, graphs are lists of nodes that a test can read.
#pragma once

#include <driver_types.h>

#include <cstddef>
#include <set>
#include <string>
#include <vector>

namespace fake {

struct Node {
  std::string what;
  std::set<int> after;
};

struct Gpu {
  int driver = 13000, count = 1, capability = 90;
  cudaError_t counting = cudaSuccess;  // What cudaGetDeviceCount says.
  cudaError_t kernels = cudaSuccess;   // What loading a kernel of ours says.
  std::size_t free = std::size_t(5) << 28, total = std::size_t(8) << 30;

  // The error that all calls give since a kernel crashed, while its device is chosen.
  cudaError_t dead = cudaSuccess;
  int dead_device = 0, chosen = 0;
  // The next wait finds that a kernel crashed so.
  cudaError_t crash = cudaSuccess;
  bool reset_helps = true;

  int calls = 0, resets = 0, allocations = 0, locked = 0, streams = 0, graphs = 0;

  std::vector<Node> nodes;  // Of the last graph.
  std::vector<std::string> ran;
  bool capturing = false;
  std::string next = "kernel";  // What the next node is called.
};
extern Gpu gpu;

}  // namespace fake
