// What a layer may apply to its result, for kernels on every machine.
// Written by `npm run generate` from src/ops/activation-table.ts.
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
  kRelu6,
  kLeakyrelu,
  kElu,
  kGelu,
  kGeluTanh,
  kHardsigmoid,
  kHardswish,
};

// NaN stays.
INCEPT_ANYWHERE float clamped(float x, float most) {
  return x < 0 ? 0.0f : x > most ? most : x;
}

// What the older form of gelu has in place of the error function.
INCEPT_ANYWHERE float curved(float x) {
  return tanhf(x * (0.797884561f + 0.0356774081f * x * x));
}

// NaN goes through all of them. `alpha` is the number of those that one shapes.
INCEPT_ANYWHERE float activated(Activation activation, float x, float alpha) {
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
    case Activation::kRelu6:
      return clamped(x, 6.0f);
    case Activation::kLeakyrelu:
      return x < 0 ? alpha * x : x;
    case Activation::kElu:
      return x < 0 ? alpha * expm1f(x) : x;
    case Activation::kGelu:
      return 0.5f * x * (1.0f + erff(x * 0.707106781f));
    case Activation::kGeluTanh:
      return 0.5f * x * (1.0f + curved(x));
    case Activation::kHardsigmoid:
      return clamped(x * (1.0f / 6.0f) + 0.5f, 1.0f);
    case Activation::kHardswish:
      return x * clamped(x + 3.0f, 6.0f) * (1.0f / 6.0f);
  }
  return x;
}

// dy/dx of one, in terms of its x or of its y, whichever training keeps: the table says.
INCEPT_ANYWHERE float derivative(Activation activation, float v, float alpha) {
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
    case Activation::kRelu6:
      return v <= 0 || v >= 6 ? 0.0f : 1.0f;
    case Activation::kLeakyrelu:
      return v <= 0 ? alpha : 1.0f;
    case Activation::kElu:
      return v <= 0 ? v + alpha : 1.0f;
    case Activation::kGelu:
      return 0.5f * (1.0f + erff(v * 0.707106781f)) + v * 0.398942280f * expf(-0.5f * v * v);
    case Activation::kGeluTanh:
      return 0.5f * (1.0f + curved(v)) *
             (1.0f + v * (1.0f - curved(v)) * (0.797884561f + 0.107032224f * v * v));
    case Activation::kHardsigmoid:
      return v <= 0 || v >= 1 ? 0.0f : 1.0f / 6.0f;
    case Activation::kHardswish:
      return v <= -3 ? 0.0f : v < 3 ? v * (1.0f / 3.0f) + 0.5f : 1.0f;
  }
  return 1.0f;
}

// Mixed into descriptors with a function on each result.
template <class Self>
struct Activated {
  Activation activation = Activation::kNone;
  float alpha = 0;
  constexpr Self& with(Activation a, float number = 0) {
    activation = a, alpha = number;
    return static_cast<Self&>(*this);
  }
  constexpr Self& relu() { return with(Activation::kRelu); }
  constexpr Self& sigmoid() { return with(Activation::kSigmoid); }
  constexpr Self& tanh() { return with(Activation::kTanh); }
  constexpr Self& silu() { return with(Activation::kSilu); }
  constexpr Self& relu6() { return with(Activation::kRelu6); }
  constexpr Self& leakyrelu(float number = 0.01f) { return with(Activation::kLeakyrelu, number); }
  constexpr Self& elu(float number = 1.0f) { return with(Activation::kElu, number); }
  constexpr Self& gelu() { return with(Activation::kGelu); }
  constexpr Self& gelu_tanh() { return with(Activation::kGeluTanh); }
  constexpr Self& hardsigmoid() { return with(Activation::kHardsigmoid); }
  constexpr Self& hardswish() { return with(Activation::kHardswish); }
};

template <class Self>
INCEPT_ANYWHERE float activated(const Activated<Self>& layer, float x) {
  return activated(layer.activation, x, layer.alpha);
}

template <class Self>
INCEPT_ANYWHERE float derivative(const Activated<Self>& layer, float v) {
  return derivative(layer.activation, v, layer.alpha);
}

}  // namespace incept
