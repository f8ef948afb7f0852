// CUDA's words for kernels: threads of a block take turns on one thread of the host.
#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>

#define __global__
#define __device__
#define __host__
#define __forceinline__ inline
#define __launch_bounds__(...)

struct uint3 {
  unsigned x, y, z;
};

struct dim3 {
  unsigned x, y, z;
  constexpr dim3(unsigned x_ = 1, unsigned y_ = 1, unsigned z_ = 1) : x(x_), y(y_), z(z_) {}
  constexpr dim3(uint3 from) : x(from.x), y(from.y), z(from.z) {}
};

inline thread_local uint3 threadIdx{0, 0, 0}, blockIdx{0, 0, 0}, blockDim{1, 1, 1},
    gridDim{1, 1, 1};

namespace incept::cuda::sim {

// Where in a kernel a barrier stands: threads may not meet at different ones.
struct Site {
  const char* file;
  int line;
};

enum class Shuffle { kNone, kXor, kDown };

void sync_block(Site site);
void sync_warp(unsigned mask, Site site);
// The bits of the lane that is meant, or of a NaN where that lane does not take part.
std::uint32_t shuffle(Shuffle kind, unsigned mask, std::uint32_t bits, int by, Site site);

template <class T>
T shuffled(Shuffle kind, unsigned mask, T value, int by, Site site) {
  static_assert(sizeof(T) == 4 && std::is_arithmetic_v<T>, "a shuffle moves 32 bits");
  std::uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  bits = shuffle(kind, mask, bits, by, site);
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

}  // namespace incept::cuda::sim

inline void __syncthreads(const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  incept::cuda::sim::sync_block({file, line});
}

inline void __syncwarp(unsigned mask = ~0u, const char* file = __builtin_FILE(),
                       int line = __builtin_LINE()) {
  incept::cuda::sim::sync_warp(mask, {file, line});
}

template <class T>
T __shfl_xor_sync(unsigned mask, T value, int lanes, const char* file = __builtin_FILE(),
                  int line = __builtin_LINE()) {
  using namespace incept::cuda::sim;
  return shuffled(Shuffle::kXor, mask, value, lanes, {file, line});
}

template <class T>
T __shfl_down_sync(unsigned mask, T value, int delta, const char* file = __builtin_FILE(),
                   int line = __builtin_LINE()) {
  using namespace incept::cuda::sim;
  return shuffled(Shuffle::kDown, mask, value, delta, {file, line});
}
