// What products of packed weights have in common: up to 16 input channels of a few pixels times
// their weights, added to sums in registers.
#pragma once

#include "ahead.hpp"

namespace incept::cpu {

// Adds `inputs` channels of PIXELS pixels, 16 numbers apart, times `w`, which is [inputs][BLOCKS *
// 16], and asks for as much of what is `ahead` as falls to them. Returns the end of `w`.
template <int PIXELS, int BLOCKS, class Numbers, class Isa>
INCEPT_INLINE const Sum<Numbers>* add_products(
    Vec<Numbers, Isa> (&sum)[PIXELS][BLOCKS * kParts<Isa>], const Sum<Numbers>* in,
    const Sum<Numbers>* w, int inputs, Ahead<Sum<Numbers>>& ahead) {
  using Simd = cpu::Simd<Numbers, Isa>;
  constexpr int kVecs = BLOCKS * kParts<Isa>;
  INCEPT_UNROLL_4
  for (int i = 0; i < inputs; ++i, w += BLOCKS * kBlock, ahead.next += ahead.stride) {
    Vec<Numbers, Isa> weight[kVecs];
    INCEPT_UNROLL
    for (int v = 0; v < kVecs; ++v) {
      weight[v] = Simd::at(w + v * Isa::kLanes);
      INCEPT_IN_REGISTER(weight[v]);
    }
    INCEPT_UNROLL
    for (int b = 0; b < BLOCKS; ++b) __builtin_prefetch(ahead.next + b * ahead.apart, 0, 2);
    INCEPT_UNROLL
    for (int p = 0; p < PIXELS; ++p) {
      const Vec<Numbers, Isa> x = Simd::all(in[p * kBlock + i]);
      INCEPT_UNROLL
      for (int v = 0; v < kVecs; ++v) sum[p][v] += weight[v] * x;
    }
  }
  return w;
}

}  // namespace incept::cpu
