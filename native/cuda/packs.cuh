// How a kernel's threads share out a channels-last value: packs of neighbouring channels, which one
// access moves, one after the other and pixel by pixel. So neighbouring threads touch neighbouring
// bytes, whatever the value.
#pragma once

#include <cstdint>
#include <type_traits>

#include "layer.hpp"
#include "walk.hpp"

namespace incept::cuda {

// ---- What C++ and CUDA have no common name for.

#ifdef INCEPT_SIM
#define INCEPT_UNROLL

inline float rsqrtf(float x) {
  return 1.0f / sqrtf(x);
}

// The greater of two; a NaN is greater than all.
inline float greater(float a, float b) {
  return a > b || a != a ? a : b;
}
#else
// In front of a loop of known length that is to be written out.
#define INCEPT_UNROLL _Pragma("unroll")

// One instruction, where a comparison that minds NaN takes three.
__device__ __forceinline__ float greater(float a, float b) {
  float result;
  asm("max.NaN.f32 %0, %1, %2;" : "=f"(result) : "f"(a), "f"(b));
  return result;
}
#endif

// ---- Launching.

// Numbers that the widest access moves: 16 bytes.
template <class T>
constexpr int kWidest = 16 / static_cast<int>(sizeof(T));

// How many numbers packs of `channels` channels hold: all accesses are as wide, or none.
template <class T>
constexpr int pack_of(int channels) {
  return channels % kWidest<T> == 0 ? kWidest<T> : 1;
}

// Whether the widest accesses may start at the address and whole pitches from it.
template <class T>
bool takes_packs(Global<T> p, int pitch) {
  const auto bytes = [](auto place) {
    if constexpr (std::is_pointer_v<decltype(place)>)
      return reinterpret_cast<std::intptr_t>(place);
    else
      return place.byte();  // The simulator's, from the start of a memory.
  };
  return bytes(address(p)) % 16 == 0 && pitch % kWidest<T> == 0;
}

// Calls `launch` with the pack's size as a type: `V` where the places allow it, else 1.
template <int V, class Launch>
void with_packs(bool allowed, Launch&& launch) {
  if constexpr (V > 1) {
    if (allowed) return launch(std::integral_constant<int, V>{});
  }
  launch(std::integral_constant<int, 1>{});
}

struct Grid {
  dim3 blocks;
  int threads;
};

// A thread an item. Little work is cut into small blocks, so that all of the GPU has some of it:
// 7x7x1024 in 16 bits are 6272 packs, 98 blocks of 64. A grid has up to 2^31 - 1 blocks, which no
// memory has packs for.
inline Grid grid_for(std::int64_t items) {
  const int threads = items < 64 * 1024 ? 64 : 256;
  return {dim3(static_cast<unsigned>((items + threads - 1) / threads)), threads};
}

// ---- In kernels.

struct Division {
  std::int64_t quotient;
  int remainder;
};

// n / by for n >= 0. Nearly all numbers have 32 bits, and then it takes a fraction of the time.
__device__ __forceinline__ Division divide(std::int64_t n, int by) {
  if (n >> 32 != 0) return {n / by, static_cast<int>(n % by)};
  const std::uint32_t small = static_cast<std::uint32_t>(n), divisor = static_cast<unsigned>(by);
  return {small / divisor, static_cast<int>(small % divisor)};
}

// The first of a pack's channels, of a pixel that counts on through all images.
struct Spot {
  std::int64_t pixel;
  int channel;
};

// The running thread's number in the grid.
__device__ __forceinline__ std::int64_t own_item() {
  return std::int64_t(blockIdx.x) * blockDim.x + threadIdx.x;
}

// The pack of V channels that falls to the running thread; false for threads past the last.
template <int V>
__device__ __forceinline__ bool own_pack(int channels, std::int64_t pixels, Spot& spot) {
  const int packs = channels / V;
  const std::int64_t item = own_item();
  if (item >= pixels * packs) return false;
  const Division place = divide(item, packs);
  spot = {place.quotient, place.remainder * V};
  return true;
}

// A pack to calculate with.
template <int V>
struct Floats {
  float at[V];
};

template <class T, int V>
__device__ __forceinline__ Floats<V> to_floats(const Pack<T, V>& pack) {
  Floats<V> floats;
  for (int i = 0; i < V; ++i) floats.at[i] = to_float(pack.at[i]);
  return floats;
}

// Rounds each once.
template <class T, int V>
__device__ __forceinline__ Pack<T, V> from_floats(const Floats<V>& floats) {
  Pack<T, V> pack;
  for (int i = 0; i < V; ++i) pack.at[i] = from_float<T>(floats.at[i]);
  return pack;
}

// Numbers of the prepared weights, which begin at a multiple of 16 bytes: one a channel, from a
// channel that is a multiple of V; `absent` where there are none.
template <int V>
__device__ __forceinline__ Floats<V> load_floats(Global<const float> p, int channel, float absent) {
  constexpr int kPart = V < 4 ? V : 4;
  Floats<V> floats;
  for (int i = 0; i < V; i += kPart) {
    Pack<float, kPart> part;
    if (p != nullptr) part = load<kPart>(p, channel + i);
    for (int j = 0; j < kPart; ++j) floats.at[i + j] = p != nullptr ? part.at[j] : absent;
  }
  return floats;
}

}  // namespace incept::cuda
