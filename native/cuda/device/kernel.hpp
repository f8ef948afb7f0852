// What kernels are written in, on a GPU: thin names over CUDA C++. The host's compiler may see it
// too, where kernels are only named.
#pragma once

#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include <cstdint>
#include <cstring>

#include "../number.hpp"
#include "global.hpp"

namespace incept::cuda {

// ---- The stored type of a precision.

template <class P>
using Element = HeldBy<P, __half, __nv_bfloat16>;

__device__ __forceinline__ float to_float(float value) {
  return value;
}
__device__ __forceinline__ float to_float(__half value) {
  return __half2float(value);
}
__device__ __forceinline__ float to_float(__nv_bfloat16 value) {
  return __bfloat162float(value);
}

// To nearest, ties to even.
template <class T>
__device__ __forceinline__ T from_float(float value);
template <>
__device__ __forceinline__ float from_float<float>(float value) {
  return value;
}
template <>
__device__ __forceinline__ __half from_float<__half>(float value) {
  return __float2half_rn(value);
}
template <>
__device__ __forceinline__ __nv_bfloat16 from_float<__nv_bfloat16>(float value) {
  return __float2bfloat16_rn(value);
}

// ---- Several numbers in one access.

template <class T, int V>
struct alignas(V * sizeof(T)) Pack {
  static_assert(V * sizeof(T) <= 16, "the widest access is 16 bytes");
  T at[V];
};

namespace detail {
// An unsigned type as wide as the access, so that the compiler has no choice but one instruction.
template <int Bytes>
struct Word;
template <>
struct Word<2> {
  using type = std::uint16_t;
};
template <>
struct Word<4> {
  using type = std::uint32_t;
};
template <>
struct Word<8> {
  using type = uint2;
};
template <>
struct Word<16> {
  using type = uint4;
};
}  // namespace detail

// Plain loads, not through the read-only path: what a kernel reads it may also write.
template <int V, class T>
__device__ __forceinline__ Pack<T, V> load(const T* p, std::int64_t i) {
  using Word = typename detail::Word<V* int(sizeof(T))>::type;
  const Word word = *reinterpret_cast<const Word*>(p + i);
  Pack<T, V> pack;
  std::memcpy(&pack, &word, sizeof pack);
  return pack;
}

template <int V, class T>
__device__ __forceinline__ void store(T* p, std::int64_t i, const Pack<T, V>& pack) {
  using Word = typename detail::Word<V* int(sizeof(T))>::type;
  Word word;
  std::memcpy(&word, &pack, sizeof word);
  *reinterpret_cast<Word*>(p + i) = word;
}

}  // namespace incept::cuda

// In a kernel: an array of the block's, unwritten at first.
#define INCEPT_SHARED(type, name, count) __shared__ type name[count]
