// What a convolution does to its sums beside adding products to them: the one place for all
// algorithms.
#pragma once

#include "numbers.hpp"

namespace incept::cpu {

// A register of numbers through an activation.
template <Activation A, class Numbers, class Isa>
INCEPT_INLINE Vec<Numbers, Isa> activated(Vec<Numbers, Isa> v) {
  if constexpr (A == Activation::kNone) return v;
  // NaN stays.
  if constexpr (A == Activation::kRelu) return v < Vec<Numbers, Isa>{} ? Vec<Numbers, Isa>{} : v;
  return Simd<Numbers, Isa>::each_lane(v, [](Sum<Numbers> x) { return incept::activated(A, x); });
}

// A sum starts from the bias of its channel and goes through the layer's activation to memory; a
// register of channels at a time, or one.
template <const Conv& S, class Numbers, class Isa>
struct Epilogue {
  using Simd = cpu::Simd<Numbers, Isa>;
  using Vec = cpu::Vec<Numbers, Isa>;
  using Stored = cpu::Stored<Numbers>;
  using Sum = cpu::Sum<Numbers>;

  static INCEPT_INLINE Vec start(const Sum* bias) { return Simd::at(bias); }
  static INCEPT_INLINE Sum start_one(const Sum* bias) { return *bias; }

  static INCEPT_INLINE void finish(Vec sum, Stored* out) {
    Simd::store(out, activated<S.activation, Numbers, Isa>(sum));
  }
  static INCEPT_INLINE void finish_one(Sum sum, Stored* out) {
    *out = Numbers::write(incept::activated(S.activation, sum));
  }
};

}  // namespace incept::cpu
