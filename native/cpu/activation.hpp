// The activations of one number. NaN goes through all of them.
#pragma once

#include <cmath>

#include "shape.hpp"

namespace incept {

inline float activated(Activation activation, float x) {
  switch (activation) {
    case Activation::kRelu:
      return x < 0 ? 0.0f : x;
    case Activation::kSigmoid:
      return 1.0f / (1.0f + std::exp(-x));
    case Activation::kTanh:
      return std::tanh(x);
    case Activation::kNone:
      break;
  }
  return x;
}

}  // namespace incept
