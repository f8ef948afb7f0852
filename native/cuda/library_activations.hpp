// Which activations cuDNN can apply to what it computes.
// Written by `npm run generate` from src/ops/activation-table.ts.
#pragma once

#include "../layers/activations.hpp"

namespace incept::cuda {

// The others are applied by a kernel of ours.
inline bool library_applies(Activation activation) {
  switch (activation) {
    case Activation::kNone:
    case Activation::kRelu:
    case Activation::kSigmoid:
    case Activation::kTanh:
    case Activation::kSilu:
      return true;
    default:
      return false;
  }
}

}  // namespace incept::cuda
