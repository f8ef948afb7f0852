// What a layer may apply to its result, for kernels on every machine.
// Written by `npm run generate` from src/ops/activations.ts.
#pragma once

#include <cmath>

#if defined(__CUDACC__)
#define INCEPT_ANYWHERE __host__ __device__ __forceinline__
#else
#define INCEPT_ANYWHERE inline
#endif

namespace incept {

enum class Activation {
  kNone,
  kRelu,
  kSigmoid,
  kTanh,
  kSilu,
};

// NaN goes through all of them.
INCEPT_ANYWHERE float activated(Activation activation, float x) {
  switch (activation) {
    case Activation::kNone:
      break;
    case Activation::kRelu:
      return x < 0 ? 0.0f : x;
    case Activation::kSigmoid:
      return 1.0f / (1.0f + expf(-x));
    case Activation::kTanh:
      return tanhf(x);
    case Activation::kSilu:
      return x / (1.0f + expf(-x));
  }
  return x;
}

// dy/dx of one, in terms of its x or of its y, whichever training keeps: the table says.
INCEPT_ANYWHERE float derivative(Activation activation, float v) {
  switch (activation) {
    case Activation::kNone:
      break;
    case Activation::kRelu:
      return v <= 0 ? 0.0f : 1.0f;
    case Activation::kSigmoid:
      return v * (1.0f - v);
    case Activation::kTanh:
      return 1.0f - v * v;
    case Activation::kSilu:
      return (1.0f + v * (1.0f - 1.0f / (1.0f + expf(-v)))) / (1.0f + expf(-v));
  }
  return 1.0f;
}

// Mixed into descriptors with a function on each result.
template <class Self>
struct Activated {
  Activation activation = Activation::kNone;
  constexpr Self& with(Activation a) {
    activation = a;
    return static_cast<Self&>(*this);
  }
  constexpr Self& relu() { return with(Activation::kRelu); }
  constexpr Self& sigmoid() { return with(Activation::kSigmoid); }
  constexpr Self& tanh() { return with(Activation::kTanh); }
  constexpr Self& silu() { return with(Activation::kSilu); }
};

}  // namespace incept
