// What a layer applies to its results, a register of them at a time.
#pragma once

#include "functions.hpp"
#include "numbers.hpp"

namespace incept::cpu {

// NaN stays.
template <class Numbers, class Isa>
INCEPT_INLINE Vec<Numbers, Isa> clamped(Vec<Numbers, Isa> v, Sum<Numbers> most) {
  const Vec<Numbers, Isa> zero{}, limit = Simd<Numbers, Isa>::all(most);
  v = v < zero ? zero : v;
  return v > limit ? limit : v;
}

// The formulas of ../layers/activations.hpp. One that has no case here yet goes number by number.
template <const auto& S, class Numbers, class Isa>
INCEPT_INLINE Vec<Numbers, Isa> activated(Vec<Numbers, Isa> v) {
  using Number = Sum<Numbers>;
  using Of = Functions<Isa>;
  const Vec<Numbers, Isa> zero{};
  switch (S.activation) {
    case Activation::kNone:
      return v;
    case Activation::kRelu:
      return v < zero ? zero : v;
    case Activation::kSigmoid:
      return Of::sigmoid(v);
    case Activation::kTanh:
      return Of::tanh(v);
    case Activation::kSilu:
      return v * Of::sigmoid(v);
    case Activation::kRelu6:
      return clamped<Numbers, Isa>(v, 6);
    case Activation::kLeakyrelu:
      return v < zero ? v * Number(S.alpha) : v;
    case Activation::kElu:
      return v < zero ? Of::expm1(v) * Number(S.alpha) : v;
    case Activation::kGelu:
      return v * Number(0.5) * (Of::erf(v * Number(0.707106781)) + Number(1));
    case Activation::kGeluTanh: {
      const Vec<Numbers, Isa> curve = v * (v * v * Number(0.0356774081) + Number(0.797884561));
      return v * Number(0.5) * (Of::tanh(curve) + Number(1));
    }
    case Activation::kHardsigmoid:
      return clamped<Numbers, Isa>(v * (Number(1) / 6) + Number(0.5), 1);
    case Activation::kHardswish:
      return v * clamped<Numbers, Isa>(v + Number(3), 6) * (Number(1) / 6);
    default:
      return Simd<Numbers, Isa>::each_lane(v, [](Number x) { return incept::activated(S, x); });
  }
}

}  // namespace incept::cpu
