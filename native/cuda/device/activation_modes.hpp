// The activations as cuDNN knows them.
// Written by `npm run generate` from src/ops/activation-table.ts.
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
    case Activation::kRelu6:
      return std::nullopt;
    case Activation::kLeakyrelu:
      return std::nullopt;
    case Activation::kElu:
      return std::nullopt;
    case Activation::kGelu:
      return std::nullopt;
    case Activation::kGeluTanh:
      return std::nullopt;
    case Activation::kHardsigmoid:
      return std::nullopt;
    case Activation::kHardswish:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace incept::cuda::cudnn
