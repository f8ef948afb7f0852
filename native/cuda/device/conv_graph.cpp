#include "activation_modes.hpp"
#include "conv_plan.hpp"

namespace incept::cuda {
namespace {

using cudnn::DataType;
using cudnn::Descriptor;
using cudnn::TensorShape;

constexpr std::int64_t kAlignment = 16;  // Of weights, biases and what never reaches memory.

DataType data_type(Type type) {
  return type == Type::kF32   ? DataType::FLOAT
         : type == Type::kF16 ? DataType::HALF
                              : DataType::BFLOAT16;
}

TensorShape channels_last(DataType type, std::int64_t n, std::int64_t c, std::int64_t h,
                          std::int64_t w, std::int64_t pitch, std::int64_t alignment) {
  return {type, {n, c, h, w}, {h * w * pitch, 1, w * pitch, pitch}, alignment};
}

TensorShape shape_of(DataType type, const TensorLayout& t) {
  return channels_last(type, t.n, t.c, t.h, t.w, t.pitch, t.alignment);
}

}  // namespace

std::optional<ConvGraph> conv_graph(const ConvProblem& p) {
  const DataType type = data_type(p.type);
  const TensorLayout& y = p.y;
  const bool activated = p.activation != Activation::kNone;
  const std::optional<cudnn::PointwiseMode> mode = cudnn::mode_of(p.activation);
  if (activated && !mode) return std::nullopt;
  ConvGraph graph;
  const auto add = [&](Descriptor part) -> const Descriptor& {
    return graph.parts.emplace_back(std::move(part));
  };
  // The result of an operation: y if it is the last one, else in f32 and nowhere.
  const TensorShape between = channels_last(DataType::FLOAT, y.n, y.c, y.h, y.w, y.c, kAlignment);
  const auto result = [&](bool last, std::int64_t id) -> const Descriptor& {
    return add(last ? cudnn::tensor("the tensor y", kConvY, shape_of(type, y))
                    : cudnn::virtual_tensor("the sums", id, between));
  };

  const std::int64_t depth = p.groups > 0 ? p.x.c / p.groups : 0;
  const TensorShape filter =
      channels_last(type, y.c, depth, p.kernel[0], p.kernel[1], depth, kAlignment);
  const Descriptor& x = add(cudnn::tensor("the tensor x", kConvX, shape_of(type, p.x)));
  const Descriptor& w = add(cudnn::tensor("the weights", kConvW, filter));
  const Descriptor& window = add(cudnn::convolution({{p.stride[0], p.stride[1]},
                                                     {p.dilation[0], p.dilation[1]},
                                                     {p.pad_before[0], p.pad_before[1]},
                                                     {p.pad_after[0], p.pad_after[1]}}));
  const Descriptor* sum = &result(!p.bias && !activated, kConvSum);
  graph.operations.push_back(cudnn::operation_convolution(window, x, w, *sum));
  if (p.bias) {
    const TensorShape numbers = channels_last(type, 1, y.c, 1, 1, y.c, kAlignment);
    const Descriptor& bias = add(cudnn::tensor("the bias", kConvBias, numbers));
    const Descriptor& moved = result(!activated, kConvMoved);
    const Descriptor& plus = add(cudnn::pointwise(cudnn::PointwiseMode::ADD));
    graph.operations.push_back(cudnn::operation_pointwise(plus, *sum, bias, moved));
    sum = &moved;
  }
  if (activated) {
    const Descriptor& function = add(cudnn::pointwise(*mode));
    const Descriptor& last = result(true, kConvY);
    graph.operations.push_back(cudnn::operation_pointwise(function, *sum, last));
  }
  return graph;
}

}  // namespace incept::cuda
