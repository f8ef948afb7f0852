// The numbers that the plans' descriptors stand for, as the fakes compute them from the
// descriptors, against sums written out.
#include <cmath>
#include <vector>

#include "check.hpp"

namespace incept::cuda {

namespace {

struct Random {
  std::uint32_t state = 1;
  float next() {
    state = state * 1664525u + 1013904223u;
    return static_cast<float>(state >> 8) / (1 << 23) - 1;
  }
};

void fill(Device& device, Memory& memory, std::size_t floats, Random& random,
          std::vector<float>& copy) {
  copy.resize(floats);
  for (float& value : copy) value = random.next();
  memory.allocate(device, floats * sizeof(float));
  device.upload(memory, copy.data(), floats * sizeof(float));
}

void convolution(Device& device, const ConvProblem& p) {
  Random random;
  std::vector<float> x, w, b, y;
  Memory mx, mw, mb, my;
  const auto floats = [](const TensorLayout& t) { return std::size_t(t.n * t.h * t.w * t.pitch); };
  const std::int64_t depth = p.x.c / p.groups, per_group = p.y.c / p.groups;
  fill(device, mx, floats(p.x), random, x);
  fill(device, mw, std::size_t(p.y.c * p.kernel[0] * p.kernel[1] * depth), random, w);
  fill(device, mb, std::size_t(p.y.c), random, b);
  fill(device, my, floats(p.y), random, y);
  const auto plan = ConvPlan::make(device, p);
  expect(plan->engine() == "engine 8, 1.5 MiB", plan->engine());
  expect(plan->workspace() == 3 << 19, "workspace");
  Recorder recorder(device, Recorder::Mode::kEager, 1);
  plan->run(recorder, mx.data(), mw.data(), p.bias ? mb.data() : nullptr, my.data(), mx.data());
  const float* got = reinterpret_cast<float*>(my.data());
  std::size_t wrong = 0;
  for (std::int64_t n = 0; n < p.y.n; ++n)
    for (std::int64_t h = 0; h < p.y.h; ++h)
      for (std::int64_t v = 0; v < p.y.w; ++v)
        for (std::int64_t k = 0; k < p.y.pitch; ++k) {
          const std::size_t at = std::size_t(((n * p.y.h + h) * p.y.w + v) * p.y.pitch + k);
          double sum = p.bias && k < p.y.c ? b[std::size_t(k)] : 0;
          for (std::int64_t r = 0; r < p.kernel[0]; ++r)
            for (std::int64_t s = 0; s < p.kernel[1]; ++s)
              for (std::int64_t c = 0; c < depth; ++c) {
                const std::int64_t i = h * p.stride[0] + r * p.dilation[0] - p.pad_before[0];
                const std::int64_t j = v * p.stride[1] + s * p.dilation[1] - p.pad_before[1];
                if (k >= p.y.c || i < 0 || j < 0 || i >= p.x.h || j >= p.x.w) continue;
                const std::int64_t from = k / per_group * depth + c;
                sum += double(x[std::size_t(((n * p.x.h + i) * p.x.w + j) * p.x.pitch + from)]) *
                       w[std::size_t(((k * p.kernel[0] + r) * p.kernel[1] + s) * depth + c)];
              }
          if (p.activation == Activation::kRelu) sum = std::fmax(sum, 0);
          if (p.activation == Activation::kSigmoid) sum = 1 / (1 + std::exp(-sum));
          if (p.activation == Activation::kTanh) sum = std::tanh(sum);
          if (p.activation == Activation::kSilu) sum = sum / (1 + std::exp(-sum));
          const double wanted = k < p.y.c ? sum : y[at];  // What is not y's stays.
          wrong += std::abs(got[at] - wanted) > 1e-4;
        }
  expect(wrong == 0, std::to_string(wrong) + " numbers of a convolution are wrong");
}

void product(Device& device, const MatmulProblem& p) {
  Random random;
  std::vector<float> x, w, b, y;
  Memory mx, mw, mb, my;
  fill(device, mx, std::size_t(p.rows * p.x_pitch), random, x);
  fill(device, mw, std::size_t(p.features * p.inputs), random, w);
  fill(device, mb, std::size_t(p.features), random, b);
  fill(device, my, std::size_t(p.rows * p.y_pitch), random, y);
  const auto plan = MatmulPlan::make(device, p);
  expect(plan->engine() == "cuBLASLt 66, 1.0 MiB", plan->engine());
  Recorder recorder(device, Recorder::Mode::kEager, 1);
  plan->run(recorder, mx.data(), mw.data(), p.bias ? mb.data() : nullptr, my.data(), mx.data());
  const float* got = reinterpret_cast<float*>(my.data());
  std::size_t wrong = 0;
  for (std::int64_t r = 0; r < p.rows; ++r)
    for (std::int64_t f = 0; f < p.y_pitch; ++f) {
      double sum = p.bias && f < p.features ? b[std::size_t(f)] : 0;
      for (std::int64_t i = 0; f < p.features && i < p.inputs; ++i)
        sum += double(x[std::size_t(r * p.x_pitch + i)]) * w[std::size_t(f * p.inputs + i)];
      const std::size_t at = std::size_t(r * p.y_pitch + f);
      wrong += std::abs(got[at] - (f < p.features ? sum : y[at])) > 1e-4;
    }
  expect(wrong == 0, std::to_string(wrong) + " numbers of a product are wrong");
}

}  // namespace

void numbers() {
  Device device;
  ConvProblem conv;
  conv.x = {2, 6, 9, 8, 10, 8}, conv.y = {2, 4, 4, 7, 9, 4};
  conv.kernel[0] = 3, conv.kernel[1] = 2, conv.stride[0] = 2, conv.stride[1] = 1;
  conv.dilation[0] = 2, conv.dilation[1] = 3;
  conv.pad_before[0] = 1, conv.pad_before[1] = 2, conv.pad_after[0] = 2, conv.pad_after[1] = 0;
  conv.groups = 2;
  for (const bool bias : {false, true})
    for (const Activation activation : {Activation::kNone, Activation::kRelu, Activation::kSigmoid,
                                        Activation::kTanh, Activation::kSilu}) {
      conv.bias = bias, conv.activation = activation;
      convolution(device, conv);
    }
  conv.tf32 = true;
  expect(ConvPlan::make(device, conv)->engine() == "engine 7 (tensor cores), 1.5 MiB", "tf32");
  MatmulProblem matmul;
  matmul.rows = 3, matmul.inputs = 7, matmul.features = 5, matmul.x_pitch = 9, matmul.y_pitch = 6;
  for (const bool bias : {false, true}) {
    matmul.bias = bias;
    product(device, matmul);
  }
}

}  // namespace incept::cuda
