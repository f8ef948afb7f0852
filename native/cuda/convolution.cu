#include "convolution.hpp"

#include <optional>

#include "copy.cuh"
#include "elementwise.cuh"

namespace incept::cuda {
namespace {

// One way to have a convolution computed.
struct Way {
  bool dense_x, dense_y;  // By way of a temporary.
  bool fused;             // Bias and activation by the library.
};

// From what moves least to what moves most.
constexpr Way kWays[] = {
    {false, false, true},  {false, true, true},  {true, false, true},  {true, true, true},
    {false, false, false}, {false, true, false}, {true, false, false}, {true, true, false},
};

// Whether the way says anything new: a dense place needs no temporary, and where there is nothing
// to fuse both forms are one.
bool applies(const Way& way, const Value& x, const Value& y, bool fusable) {
  return !(way.dense_x && x.dense()) && !(way.dense_y && y.dense()) && (way.fused || fusable);
}

constexpr std::int64_t round_up(std::int64_t bytes) {
  return (bytes + 255) / 256 * 256;
}

TensorLayout layout_of(const Value& v, std::int64_t batch, std::size_t size, bool dense) {
  TensorLayout layout{batch, v.channels, v.height, v.width, dense ? v.channels : v.pitch};
  if (dense || v.dense()) return layout;  // Buffers begin at multiples of 256.
  const std::int64_t start = v.channel * std::int64_t(size);
  const std::int64_t pitch = layout.pitch * std::int64_t(size);
  while (start % layout.alignment != 0 || pitch % layout.alignment != 0) layout.alignment /= 2;
  return layout;
}

template <class P>
ConvProblem problem_of(const Conv& s, const Value& x, const Value& y, std::int64_t batch, bool bias,
                       const Way& way) {
  ConvProblem problem;
  problem.type = P::type;
  problem.tf32 = P::tf32_allowed;
  const std::size_t size = size_of(P::type);
  problem.x = layout_of(x, batch, size, way.dense_x);
  problem.y = layout_of(y, batch, size, way.dense_y);
  problem.kernel[0] = s.kernel_height, problem.kernel[1] = s.kernel_width;
  problem.stride[0] = s.stride_height, problem.stride[1] = s.stride_width;
  problem.dilation[0] = s.dilation_height, problem.dilation[1] = s.dilation_width;
  problem.pad_before[0] = s.pad_top, problem.pad_before[1] = s.pad_left;
  problem.pad_after[0] = s.pad_bottom, problem.pad_after[1] = s.pad_right;
  problem.groups = s.group_count;
  problem.bias = bias && way.fused;
  problem.activation = way.fused ? s.activation : Activation::kNone;
  return problem;
}

std::string text_of(const Way& way) {
  std::string words = way.dense_x ? "dense copy of x, " : "";
  if (way.dense_y) words += "dense y and a copy, ";
  if (!way.fused) words += "bias and activation apart, ";
  return words;
}

struct ConvMethod : Method {
  Way way;
  std::unique_ptr<ConvPlan> plan;
  std::int64_t x_bytes = 0, y_bytes = 0;  // Temporaries, in front of the library's workspace.

  std::size_t workspace() const override { return x_bytes + y_bytes + plan->workspace(); }
  std::string text() const override { return text_of(way) + plan->engine(); }
};

std::string asked(const Conv& s, const Value& x, const Value& y, std::int64_t batch, Type type) {
  return text("conv %dx%d, %lld x %d x %dx%d (of %d channels) to %d x %dx%d (of %d), %s",
              s.kernel_height, s.kernel_width, static_cast<long long>(batch), x.channels, x.height,
              x.width, x.pitch, y.channels, y.height, y.width, y.pitch, name_of(type));
}

template <class P>
void describe(Walk& g, const Conv& s, const Value& x, bool bias, const Value& y) {
  for (const Way& way : kWays) {
    if (!applies(way, x, y, bias || s.activation != Activation::kNone)) continue;
    ConvPlan::describe(g.device(), problem_of<P>(s, x, y, g.batch(), bias, way));
    g.count_description();
  }
}

template <class P>
void plan(Walk& g, const Conv& s, const Value& x, bool bias, const Value& y) {
  std::string tried;
  for (const Way& way : kWays) {
    if (!applies(way, x, y, bias || s.activation != Activation::kNone)) continue;
    auto method = std::make_unique<ConvMethod>();
    method->way = way;
    method->plan = ConvPlan::make(*g.device(), problem_of<P>(s, x, y, g.batch(), bias, way));
    tried += (tried.empty() ? "" : "; ") + (text_of(way).empty() ? "as it lies" : text_of(way));
    if (!method->plan) continue;
    const std::int64_t size = sizeof(typename P::Stored);
    if (way.dense_x) method->x_bytes = round_up(g.batch() * x.elements() * size);
    if (way.dense_y) method->y_bytes = round_up(g.batch() * y.elements() * size);
    g.keep(std::move(method));
    return;
  }
  throw Failure("cuda/no-engine", "cuDNN has no engine for it; tried: " + tried);
}

template <class P>
void run(Walk& g, const Conv& s, const Value& x, Weights w, Weights bias, const Value& y) {
  using T = Element<P>;
  const ConvMethod& method = static_cast<const ConvMethod&>(g.method());
  const std::int64_t pixels_x = g.batch() * x.pixels(), pixels_y = g.batch() * y.pixels();
  const std::int64_t weights = std::int64_t(s.out_channels) * s.kernel_height * s.kernel_width *
                               (s.in_channels / s.group_count);
  const bool fused = method.way.fused;
  Global<const T> offsets = g.weights<T>(bias, s.out_channels);
  const std::int64_t space = static_cast<std::int64_t>(method.plan->workspace());
  const std::int64_t first = method.x_bytes + method.y_bytes;
  const Address scratch =
      space > 0 ? address(g.workspace<std::byte>(first, space)) : Address(nullptr);

  Address from;
  if (method.way.dense_x) {
    const std::int64_t bytes = pixels_x * x.channels * std::int64_t(sizeof(T));
    copy_pixels<T>(g.recorder(), g.at<const T>(x), x.pitch, g.workspace<T>(0, bytes), x.channels,
                   x.channels, pixels_x);
    from = address(g.workspace<const T>(0, bytes));
  } else {
    from = address(g.at<const T>(x));
  }
  const std::int64_t bytes_y = pixels_y * y.channels * std::int64_t(sizeof(T));
  const bool dense = method.way.dense_y;
  Global<T> to = dense ? g.workspace<T>(method.x_bytes, bytes_y) : g.at<T>(y);
  method.plan->run(g.recorder(), from, address(g.weights<T>(w, weights)),
                   fused ? address(offsets) : Address(nullptr), address(to), scratch);
  if (!fused)
    bias_activate<T>(g.recorder(), to, dense ? y.channels : y.pitch, y.channels, pixels_y, offsets,
                     s.activation, s.alpha);
  if (dense)
    copy_pixels<T>(g.recorder(), g.workspace<const T>(method.x_bytes, bytes_y), y.channels,
                   g.at<T>(y), y.pitch, y.channels, pixels_y);
}

}  // namespace

template <class P>
void conv(Walk& g, const Conv& layer, const Value& x, Weights w, Weights bias, const Value& y) {
  g.doing(asked(layer, x, y, g.batch(), P::type));
  const bool has_bias = bias.byte >= 0;
  switch (g.purpose()) {
    case Walk::Purpose::kDescribe:
      return describe<P>(g, layer, x, has_bias, y);
    case Walk::Purpose::kPlan:
      return plan<P>(g, layer, x, has_bias, y);
    case Walk::Purpose::kRun:
      return run<P>(g, layer, x, w, bias, y);
  }
}

template void conv<f32>(Walk&, const Conv&, const Value&, Weights, Weights, const Value&);
template void conv<tf32>(Walk&, const Conv&, const Value&, Weights, Weights, const Value&);
template void conv<f16>(Walk&, const Conv&, const Value&, Weights, Weights, const Value&);
template void conv<bf16>(Walk&, const Conv&, const Value&, Weights, Weights, const Value&);

}  // namespace incept::cuda
