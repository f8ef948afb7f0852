// A convolution in cuDNN's terms, and the choice among the engines that it offers.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "../problem.hpp"
#include "cudnn.hpp"

namespace incept::cuda {

// Tensors by the names that a plan is run with.
constexpr std::int64_t kConvX = 1, kConvW = 2, kConvBias = 3, kConvY = 4;
constexpr std::int64_t kConvSum = 5, kConvMoved = 6;  // Virtual.

// conv [-> add bias] [-> activation]: operations, and all that they refer to.
struct ConvGraph {
  std::deque<cudnn::Descriptor> parts;  // They stay where they are as others are added.
  std::vector<cudnn::Descriptor> operations;
};
// None where cuDNN lacks the activation.
std::optional<ConvGraph> conv_graph(const ConvProblem& problem);

// What a convolution is carried out by.
struct ConvChoice {
  std::vector<cudnn::Descriptor> kept;  // All that the plan was made from.
  std::optional<cudnn::Descriptor> plan;
  std::int64_t workspace = 0;
  std::string engine;
};

// The first of cuDNN's suggestions for the device that keeps to the problem's precision, the limit
// of workspace and gives the same result each time; no plan where none does.
ConvChoice choose_engine(const ConvProblem& problem, cudnn::Descriptor device);

// Whether an engine of these notes keeps to the problem's precision.
bool keeps_precision(const ConvProblem& problem, const cudnn::EngineConfig& config);

}  // namespace incept::cuda
