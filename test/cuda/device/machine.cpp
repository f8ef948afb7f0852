// What native/cuda/device makes of a CUDA runtime, cuDNN and cuBLASLt, on the fakes beside. Prints
// what does not hold, then "done"; the argument names the part.
#include "device/machine.hpp"

#include <cmath>
#include <cstdio>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <thread>
#include <vector>

#include "failure.hpp"
#include "fake/gpu.hpp"

using namespace incept;
using namespace incept::cuda;
using fake::gpu;

namespace {

void expect(bool holds, const std::string& what) {
  if (!holds) std::printf("FAILED: %s\n", what.c_str());
}

// "code: message" of what is thrown.
std::string failure_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Failure& failure) {
    return failure.code + ": " + failure.message;
  }
  return "nothing";
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

void expect_failure(const std::string& code, const std::string& words,
                    const std::function<void()>& work) {
  const std::string failure = failure_of(work);
  expect(failure.rfind(code + ": ", 0) == 0 && has(failure, words),
         "expected " + code + " with '" + words + "', not " + failure);
}

void make_device() {
  Device device;
}

// ---- What keeps a device from being made.

void errors() {
  gpu.driver = 0, gpu.count = 0, gpu.counting = cudaErrorInsufficientDriver;
  expect_failure("cuda/no-driver", "libcuda.so.1", make_device);
  gpu.driver = 12020;
  expect_failure("cuda/old-driver", "CUDA 12.2", make_device);
  gpu.driver = 13000, gpu.counting = cudaErrorNoDevice;
  expect_failure("cuda/no-gpu", "no NVIDIA GPU", make_device);
  gpu.counting = cudaSuccess;
  expect_failure("cuda/no-gpu", "no NVIDIA GPU", make_device);
  gpu.counting = cudaErrorSystemNotReady, gpu.count = 1;
  expect_failure("cuda/failed", "counting the GPUs", make_device);
  gpu.counting = cudaSuccess, gpu.capability = 75;
  expect_failure("cuda/old-gpu", "Fake GPU (sm_75)", make_device);
  gpu.capability = 120, gpu.kernels = cudaErrorNoKernelImageForDevice;
  expect_failure("cuda/no-kernels", "made for sm_80, sm_90", make_device);
  expect_failure("cuda/no-kernels", "--arch 120", make_device);
  gpu.kernels = cudaErrorIllegalState;
  expect_failure("cuda/failed", "loading the kernels", make_device);
  expect(gpu.streams == 0, "no stream is left behind");
}

// ---- Memory.

void memory() {
  {
    Device device;
    expect(device.name() == "Fake GPU (sm_90)", device.name());
    expect(device.free_memory() == "1.2 GiB of 8.0 GiB are free", device.free_memory());
    Memory small, large, none;
    small.allocate(device, 64);
    none.allocate(device, 0);
    expect(small.bytes() == 64 && none.bytes() == 0, "bytes");
    expect_failure("memory/exhausted", "1.2 GiB of 8.0 GiB are free (out of memory)",
                   [&] { large.allocate(device, std::size_t(2) << 30); });
    const float numbers[] = {1, 2, 3};
    device.upload(small, numbers, sizeof numbers);
    expect(std::memcmp(small.data(), numbers, sizeof numbers) == 0, "uploaded");
    HostMemory host;
    host.allocate(device, 1000);
    for (int i = 0; i < 1000; ++i) expect(host.data()[i] == 0, "zeros at first");
    expect(gpu.locked == 1 && gpu.allocations == 1, "locked, allocated");
    std::thread([&] { device.synchronize(); }).join();
  }
  expect(gpu.locked == 0 && gpu.allocations == 0 && gpu.streams == 0, "all is given back");
}

// ---- Steps.

void kernel(const float*, float*, int) {}

void launch(Recorder& recorder, Memory& memory, const char* name) {
  gpu.next = name;
  recorder.launch(name, kernel, dim3(2), 128, recorder.view<const float>(memory, 0, 1, 4, 4),
                  recorder.view<float>(memory, 4, 1, 4, 4), 3);
}

void steps() {
  Device device;
  Memory memory;
  memory.allocate(device, 64);
  HostMemory host;
  host.allocate(device, 4);
  using Mode = Recorder::Mode;
  const auto record = [&](Recorder& recorder) {
    const auto step = [&](int id, std::vector<int> after, const std::function<void()>& work) {
      recorder.begin_step(id, after.data(), after.size());
      work();
      recorder.end_step();
    };
    step(0, {}, [&] { recorder.copy_in(memory, host, 4); });                              // 0
    step(1, {0}, [&] { launch(recorder, memory, "a"), launch(recorder, memory, "b"); });  // 1 2
    step(2, {0}, [&] { launch(recorder, memory, "c"); });                                 // 3
    step(3, {1, 2}, [] {});
    step(4, {3, 0}, [&] { launch(recorder, memory, "d"); });  // 4
    step(5, {}, [] {});
    step(6, {5}, [&] { launch(recorder, memory, "e"); });             // 5
    step(7, {4, 6, 3}, [&] { recorder.copy_out(host, memory, 4); });  // 6
  };

  Recorder graph(device, Mode::kGraph, 8);
  record(graph);
  const std::vector<std::set<int>> after = {{}, {0}, {1}, {0}, {0, 2, 3}, {}, {2, 3, 4, 5}};
  expect(gpu.nodes.size() == after.size(), "one node for each thing enqueued");
  for (std::size_t i = 0; i < gpu.nodes.size(); ++i)
    expect(gpu.nodes[i].after == after[i], "what node " + std::to_string(i) + " follows");
  expect(gpu.ran.empty(), "nothing runs while it is recorded");
  graph.finish();
  gpu.ran.clear();
  graph.replay();
  graph.replay();
  expect(gpu.ran.size() == 14, "a replay runs it all");

  Recorder bare(device, Mode::kGraph, 8);
  bare.leave_copies_out();
  record(bare);
  expect(gpu.nodes.size() == 5, "without the copies");

  gpu.ran.clear();
  Recorder eager(device, Mode::kEager, 8);
  record(eager);
  eager.finish();
  expect(gpu.ran == std::vector<std::string>({"copy in", "a", "b", "c", "d", "e", "copy out"}),
         "at once and in order");

  {
    Recorder broken(device, Mode::kGraph, 1);
    broken.begin_step(0, nullptr, 0);
    expect_failure("cuda/failed", "launching pad with 1 x 70000 x 1 blocks of 64 threads", [&] {
      broken.launch("pad", kernel, dim3(1, 70000), 64, static_cast<const float*>(nullptr),
                    static_cast<float*>(nullptr), 1);
    });
    expect(gpu.capturing, "the step is open");
  }
  expect(!gpu.capturing, "a recorder that failed ends its capture");
}

// ---- A crash.

void crash() {
  auto device = std::make_unique<Device>();
  auto other = std::make_unique<Device>();
  auto memory = std::make_unique<Memory>();
  auto host = std::make_unique<HostMemory>();
  memory->allocate(*device, 64);
  host->allocate(*other, 4);
  auto recorder = std::make_unique<Recorder>(*device, Recorder::Mode::kGraph, 1);
  recorder->begin_step(0, nullptr, 0);
  launch(*recorder, *memory, "a");
  recorder->end_step();
  recorder->finish();
  ConvProblem problem;
  auto conv = ConvPlan::make(*device, problem);
  auto matmul = MatmulPlan::make(*device, MatmulProblem{});

  recorder->replay();
  gpu.crash = cudaErrorIllegalAddress;
  expect_failure("cuda/lost", "waiting for Fake GPU (sm_90)", [&] { device->synchronize(); });
  const int calls = gpu.calls;
  const char* why = "cudaErrorIllegalAddress";
  expect_failure("cuda/lost", why, [&] { recorder->replay(); });
  expect_failure("cuda/lost", why, [&] { other->synchronize(); });
  expect_failure("cuda/lost", why, [&] { ConvPlan::make(*other, problem); });
  expect_failure("cuda/lost", why, [&] {
    Memory more;
    more.allocate(*other, 4);
  });
  recorder.reset(), conv.reset(), matmul.reset(), memory.reset(), device.reset();
  expect(gpu.calls == calls, "what is lost is let alone");

  gpu.reset_helps = false;
  expect_failure("cuda/lost", "a new process is needed", make_device);
  gpu.reset_helps = true;
  auto fresh = std::make_unique<Device>();
  expect(gpu.resets == 2, "a new instance resets the device");
  auto again = std::make_unique<Device>();
  expect(gpu.resets == 2, "and the next one does not");
  Memory memory_of_fresh;
  memory_of_fresh.allocate(*fresh, 4);
  fresh->synchronize();
  host->data()[3] = 1;  // The host's memory outlives the context.
  expect_failure("cuda/lost", why, [&] { other->synchronize(); });
  const int later = gpu.calls;
  other.reset(), host.reset();
  expect(gpu.calls == later, "also after the reset");
}

// ---- Threads: a device is made and given back while another thread captures.

void threads() {
  Device device;
  Memory memory;
  memory.allocate(device, 64);
  std::vector<int> order;
  Recorder recorder(device, Recorder::Mode::kGraph, 1);
  recorder.begin_step(0, nullptr, 0);
  std::thread making([&] {
    make_device();
    order.push_back(2);
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  order.push_back(1);
  recorder.end_step();
  making.join();
  expect(order == std::vector<int>({1, 2}), "a device is not made or closed within a capture");
}

// ---- The libraries' answers, computed by the fakes from the descriptors.

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

void libraries() {
  Device device;
  ConvProblem conv;
  conv.x = {2, 6, 9, 8, 10, 8}, conv.y = {2, 4, 4, 7, 9, 4};
  conv.kernel[0] = 3, conv.kernel[1] = 2, conv.stride[0] = 2, conv.stride[1] = 1;
  conv.dilation[0] = 2, conv.dilation[1] = 3;
  conv.pad_before[0] = 1, conv.pad_before[1] = 2, conv.pad_after[0] = 2, conv.pad_after[1] = 0;
  conv.groups = 2;
  for (const bool bias : {false, true})
    for (const Activation activation :
         {Activation::kNone, Activation::kRelu, Activation::kSigmoid, Activation::kTanh}) {
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

}  // namespace

int main(int, char** arguments) {
  const std::map<std::string, void (*)()> parts = {
      {"errors", errors},   {"memory", memory},       {"steps", steps},      {"crash", crash},
      {"threads", threads}, {"libraries", libraries}, {"make", make_device},
  };
  const std::string failure = failure_of(parts.at(arguments[1]));
  std::printf("%s\n", failure == "nothing" ? "done" : failure.c_str());
}
