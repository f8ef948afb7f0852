// What the real cuDNN and cuBLASLt say, on a machine that need not have a GPU. Prints a line for
// each question; the first argument names the part.
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "device/conv_plan.hpp"
#include "device/cublas.hpp"
#include "device/machine.hpp"
#include "failure.hpp"

// The kernels are not what is asked about here.
namespace incept::cuda {
std::string built_for() {
  return "";
}
cudaError_t try_kernels() {
  return cudaSuccess;
}
}  // namespace incept::cuda

using namespace incept;
using namespace incept::cuda;

namespace {

std::string answer(const std::function<std::string()>& question) {
  try {
    return question();
  } catch (const Failure& failure) {
    return failure.code + ": " + failure.message;
  }
}

struct Precision {
  const char* name;
  Type type;
  bool tf32;
};
constexpr Precision kPrecisions[] = {{"f32", Type::kF32, false},
                                     {"tf32", Type::kF32, true},
                                     {"f16", Type::kF16, false},
                                     {"bf16", Type::kBF16, false}};

struct Case {
  const char* name;
  std::int64_t channels, size, kernel, features, stride = 1, pad = 0, groups = 1;
  std::int64_t x_pitch = 0, y_pitch = 0, dilation = 1, more_pad_after = 0;
};
constexpr Case kCases[] = {
    {"1x1", 192, 28, 1, 64},
    {"3x3", 96, 28, 3, 128, 1, 1},
    {"5x5", 16, 28, 5, 32, 1, 2},
    {"stem", 3, 224, 7, 64, 2, 3},
    {"slices", 192, 28, 1, 64, 1, 0, 1, 256, 480},
    {"grouped", 64, 28, 3, 64, 1, 1, 4},
    {"depthwise", 64, 28, 3, 64, 1, 1, 64},
    {"dilated", 64, 28, 3, 64, 1, 2, 1, 0, 0, 2},
    {"odd", 5, 13, 3, 7, 1, 1},
    {"uneven", 32, 35, 3, 48, 2, 0, 1, 0, 0, 1, 1},
};

void align(TensorLayout& t, Type type) {
  if (t.dense()) return;
  while (t.pitch * static_cast<std::int64_t>(size_of(type)) % t.alignment != 0) t.alignment /= 2;
}

ConvProblem problem_of(const Case& c, const Precision& precision, bool bias,
                       Activation activation) {
  ConvProblem p;
  p.type = precision.type, p.tf32 = precision.tf32;
  const std::int64_t reach = c.dilation * (c.kernel - 1) + 1;
  const std::int64_t out = (c.size + 2 * c.pad + c.more_pad_after - reach) / c.stride + 1;
  p.x = {8, c.channels, c.size, c.size, c.x_pitch ? c.x_pitch : c.channels, 16};
  p.y = {8, c.features, out, out, c.y_pitch ? c.y_pitch : c.features, 16};
  align(p.x, p.type), align(p.y, p.type);
  for (const int i : {0, 1}) {
    p.kernel[i] = c.kernel, p.stride[i] = c.stride, p.dilation[i] = c.dilation;
    p.pad_before[i] = c.pad, p.pad_after[i] = c.pad + c.more_pad_after;
  }
  p.groups = c.groups, p.bias = bias, p.activation = activation;
  return p;
}

void each(const std::function<std::string(const ConvProblem&)>& question) {
  constexpr const char* kFunctions[] = {"none", "relu", "sigmoid", "tanh", "silu"};
  for (const Precision& precision : kPrecisions)
    for (const Case& c : kCases)
      for (const bool bias : {false, true})
        for (const Activation a : {Activation::kNone, Activation::kRelu, Activation::kSigmoid,
                                   Activation::kTanh, Activation::kSilu})
          std::printf("%s %s %s %s: %s\n", precision.name, c.name, bias ? "bias" : "plain",
                      kFunctions[static_cast<int>(a)],
                      answer([&] { return question(problem_of(c, precision, bias, a)); }).c_str());
}

std::string describe(const ConvProblem& problem) {
  ConvPlan::describe(nullptr, problem);
  return "described";
}

void refuse() {
  const auto ask = [](const char* name, const std::function<void(ConvProblem&)>& spoil) {
    ConvProblem p = problem_of(kCases[1], kPrecisions[2], true, Activation::kRelu);
    spoil(p);
    std::printf("%s: %s\n", name, answer([&] { return describe(p); }).c_str());
  };
  ask("as it is", [](ConvProblem&) {});
  ask("height", [](ConvProblem& p) { p.y.h = 27; });
  ask("width", [](ConvProblem& p) { p.pad_after[1] = 3; });
  ask("images", [](ConvProblem& p) { p.y.n = 7; });
  ask("groups", [](ConvProblem& p) { p.groups = 7; });
  ask("stride", [](ConvProblem& p) { p.stride[0] = 0; });
  ask("alignment", [](ConvProblem& p) { p.x.alignment = 1; });
  ask("nothing", [](ConvProblem& p) { p.x.c = 0; });
}

void products() {
  for (const Precision& precision : kPrecisions)
    for (const bool bias : {false, true}) {
      MatmulProblem p{precision.type, precision.tf32, 8, 2048, 1000, 2048, 1000, 16, 16, bias};
      const auto ask = [&](const char* name) {
        std::printf("%s %s %s: %s\n", precision.name, bias ? "bias" : "plain", name,
                    answer([&] {
                      MatmulPlan::describe(nullptr, p);
                      return std::string("described");
                    }).c_str());
      };
      ask("dense");
      p.x_pitch = 4096, p.y_pitch = 1008, p.x_alignment = p.y_alignment = 4;
      ask("pitched");
      p.x_pitch = 2047;
      ask("short");
    }
}

}  // namespace

int main(int, char** arguments) {
  const std::string part = arguments[1];
  if (part == "names")
    std::printf("%s\n%s\n", answer([] { return cudnn::api().name(); }).c_str(),
                answer([] { return cublas::api().name(); }).c_str());
  if (part == "describe") each(describe);
  if (part == "refuse") refuse();
  if (part == "products") products();
  if (part == "device") std::puts(answer([] { return Device().name(); }).c_str());
  if (part == "engines")
    each([&](const ConvProblem& problem) {
      const ConvChoice choice = choose_engine(problem, cudnn::absent_device(arguments[2]));
      return choice.plan ? choice.engine : "no engine";
    });
}
