// The activations as cuDNN knows them.
// Written by `npm run generate` from src/ops/activations.ts.
#pragma once

#include <optional>

#include "../../layers/activations.hpp"
#include "cudnn_api.hpp"

namespace incept::cuda::cudnn {

// None for what is no activation or not one of cuDNN's.
inline std::optional<PointwiseMode> mode_of(Activation activation) {
  switch (activation) {
    case Activation::kNone:
      break;
    case Activation::kRelu:
      return PointwiseMode::RELU_FWD;
    case Activation::kSigmoid:
      return PointwiseMode::SIGMOID_FWD;
    case Activation::kTanh:
      return PointwiseMode::TANH_FWD;
    case Activation::kSilu:
      return PointwiseMode::SWISH_FWD;
  }
  return std::nullopt;
}

}  // namespace incept::cuda::cudnn
