// Vectors of the widest kind that the target has, through the compilers' vector extensions: the
// same code serves AVX-512, AVX2, SSE and NEON. A block of 16 channels is kParts of them.
#pragma once

#include <cmath>

#include "shape.hpp"

// Keeps small fixed loops over accumulators in registers.
#if defined(__clang__)
#define INCEPT_UNROLL _Pragma("unroll")
#define INCEPT_NO_UNROLL _Pragma("clang loop unroll(disable)")
#define INCEPT_UNROLL_4 _Pragma("unroll 4")
#else
#define INCEPT_UNROLL _Pragma("GCC unroll 64")
#define INCEPT_NO_UNROLL _Pragma("GCC unroll 1")
#define INCEPT_UNROLL_4 _Pragma("GCC unroll 4")
#endif
#define INCEPT_INLINE inline __attribute__((always_inline))

namespace incept {

#if defined(__AVX512F__)
constexpr int kLanes = 16;
#elif defined(__AVX__)
constexpr int kLanes = 8;
#else
constexpr int kLanes = 4;
#endif
constexpr int kParts = kBlock / kLanes;

typedef float Vec __attribute__((vector_size(4 * kLanes)));
typedef int Bits __attribute__((vector_size(4 * kLanes)));
typedef float UnalignedVec __attribute__((vector_size(4 * kLanes), aligned(4), may_alias));

INCEPT_INLINE Vec load(const float* from) {
  return *reinterpret_cast<const UnalignedVec*>(from);
}
INCEPT_INLINE void store(float* to, Vec v) {
  *reinterpret_cast<UnalignedVec*>(to) = v;
}
// x + 0 would turn -0 into 0; x - 0 is x for every x.
INCEPT_INLINE Vec all(float x) {
  return x - Vec{};
}

template <class Function>
INCEPT_INLINE Vec each_lane(Vec v, Function&& function) {
  for (int i = 0; i < kLanes; ++i) v[i] = function(v[i]);
  return v;
}

template <Activation A>
INCEPT_INLINE Vec activated(Vec v) {
  if constexpr (A == Activation::kNone) return v;
  if constexpr (A == Activation::kRelu) return v < Vec{} ? Vec{} : v;  // NaN stays.
  return each_lane(v, [](float x) { return activated(A, x); });
}

}  // namespace incept
