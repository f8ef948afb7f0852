// Rows of numbers that threads read together, and what they find out together.
#pragma once

#include "packs.cuh"

namespace incept::cuda {

// Threads of one row of numbers: a part of a warp, so that several rows share it, or a block.
constexpr int row_threads(int numbers) {
  if (numbers > 4096) return 1024;
  if (numbers > 128) return 256;
  int threads = 1;
  while (threads < 32 && threads < numbers) threads *= 2;
  return threads;
}

// Threads of a block.
constexpr int row_block(int numbers) {
  return row_threads(numbers) > 128 ? row_threads(numbers) : 128;
}

struct Greater {
  static __device__ __forceinline__ float of(float a, float b) { return fmaxf(a, b); }
};
struct Sum {
  static __device__ __forceinline__ float of(float a, float b) { return a + b; }
};

// The value of all threads of a row, combined in the same order each time and for each of them.
// `partial` holds 32 floats.
template <int Threads, class Combine>
__device__ __forceinline__ float combined(float value, Global<float> partial) {
  for (int lanes = (Threads < 32 ? Threads : 32) / 2; lanes > 0; lanes /= 2)
    value = Combine::of(value, __shfl_xor_sync(~0u, value, lanes));
  if constexpr (Threads > 32) {
    if (threadIdx.x % 32 == 0) partial[threadIdx.x / 32] = value;
    __syncthreads();
    value = partial[0];
    for (int warp = 1; warp < Threads / 32; ++warp) value = Combine::of(value, partial[warp]);
    __syncthreads();  // The next call writes there again.
  }
  return value;
}

}  // namespace incept::cuda
