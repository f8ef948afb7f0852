// What a convolution does to its sums beside adding products to them: the one place for all
// algorithms.
#pragma once

#include "numbers.hpp"

namespace incept::cpu {

// NaN stays.
template <class Numbers, class Isa>
INCEPT_INLINE Vec<Numbers, Isa> clamped(Vec<Numbers, Isa> v, Sum<Numbers> most) {
  const Vec<Numbers, Isa> zero{}, limit = Simd<Numbers, Isa>::all(most);
  v = v < zero ? zero : v;
  return v > limit ? limit : v;
}

// A register of numbers through a layer's activation: at once, where that takes no function of
// <cmath>.
template <const auto& S, class Numbers, class Isa>
INCEPT_INLINE Vec<Numbers, Isa> activated(Vec<Numbers, Isa> v) {
  using Number = Sum<Numbers>;
  const Vec<Numbers, Isa> zero{};
  switch (S.activation) {
    case Activation::kNone:
      return v;
    case Activation::kRelu:
      return v < zero ? zero : v;
    case Activation::kRelu6:
      return clamped<Numbers, Isa>(v, 6);
    case Activation::kLeakyrelu:
      return v < zero ? v * Number(S.alpha) : v;
    case Activation::kHardsigmoid:
      return clamped<Numbers, Isa>(v * (Number(1) / 6) + Number(0.5), 1);
    case Activation::kHardswish:
      return v * clamped<Numbers, Isa>(v + Number(3), 6) * (Number(1) / 6);
    default:
      return Simd<Numbers, Isa>::each_lane(v, [](Number x) { return incept::activated(S, x); });
  }
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
    Simd::store(out, activated<S, Numbers, Isa>(sum));
  }
  static INCEPT_INLINE void finish_one(Sum sum, Stored* out) {
    *out = Numbers::write(incept::activated(S, sum));
  }
};

}  // namespace incept::cpu
