// What stands for cuDNN and cuBLAS, against loops that only know the definition.
#include <array>
#include <cmath>
#include <functional>

#include "harness.hpp"
#include "sim/order.hpp"

namespace incept::cuda {
namespace {

// Numbers below `below`, the same in each run.
struct Random {
  std::uint64_t state;
  int below(int limit) {
    state = sim::mixed(state);
    return static_cast<int>(state % limit);
  }
  int between(int first, int last) { return first + below(last - first + 1); }
  float number() { return static_cast<float>(below(2001) - 1000) / 500; }
};

std::uint16_t bits16(Type type, float value) {
  return type == Type::kF16 ? f16_bits(value) : bf16_bits(value);
}

float rounded(Type type, float value) {
  if (type == Type::kF32) return value;
  return type == Type::kF16 ? f16_value(f16_bits(value)) : bf16_value(bf16_bits(value));
}

// An array of numbers of some type, on the device and as the floats they stand for.
struct Numbers {
  Type type;
  std::vector<float> host;
  Memory* memory = nullptr;

  Numbers(Random& random, Type type_, std::int64_t count) : type(type_) {
    for (std::int64_t i = 0; i < count; ++i) host.push_back(rounded(type, random.number()));
  }
  void upload(Bench& bench) {
    std::vector<std::uint16_t> narrow;
    for (float value : host) narrow.push_back(bits16(type, value));
    memory = type == Type::kF32 ? &bench.uploaded(host) : &bench.uploaded(narrow);
  }
};

template <class T>
__global__ void widen_kernel(Global<const T> x, Global<float> y, int count) {
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < count) y[i] = to_float(x[i]);
}

std::vector<float> fetch(Bench& bench, const Numbers& y) {
  const int count = static_cast<int>(y.host.size());
  Memory& wide = bench.fresh(count * 4);
  HostMemory& out = bench.host(count);
  one_task(bench, [&](Recorder& r) {
    const auto widen = [&](auto kernel, auto from) {
      r.launch("widen", kernel, count / 256 + 1, 256, from, whole<float>(r, wide), count);
    };
    if (y.type == Type::kF32) widen(widen_kernel<float>, whole<const float>(r, *y.memory));
    if (y.type == Type::kF16)
      widen(widen_kernel<Element<f16>>, whole<const Element<f16>>(r, *y.memory));
    if (y.type == Type::kBF16)
      widen(widen_kernel<Element<bf16>>, whole<const Element<bf16>>(r, *y.memory));
    r.copy_out(out, wide, count);
  });
  return {out.data(), out.data() + count};
}

// Address of regular stretches of elements of the type.
Address stretches(Recorder& r, Type type, Memory& memory, std::int64_t first, std::int64_t count,
                  std::int64_t pitch, std::int64_t length, bool writes) {
  const auto of = [&](auto element) {
    using T = decltype(element);
    const std::int64_t size = sizeof(T);
    return writes
               ? address(r.view<T>(memory, first * size, count, pitch * size, length * size))
               : address(r.view<const T>(memory, first * size, count, pitch * size, length * size));
  };
  return type == Type::kF32 ? of(float{}) : of(sim::Half{});
}

Address space(Recorder& r, Bench& bench, std::size_t bytes) {
  if (bytes == 0) return nullptr;
  const auto size = static_cast<std::int64_t>(bytes);
  return address(r.view<std::byte>(bench.fresh(bytes), 0, 1, size, size));
}

// Sums in f32 are off by some units in the last place of their terms' sum; then one rounding.
bool near(Type type, double seen, double wanted, double terms) {
  const double unit = type == Type::kF32 ? 0 : type == Type::kF16 ? 1.0 / 2048 : 1.0 / 256;
  return std::fabs(seen - wanted) <= 2e-6 * terms + unit * std::fabs(wanted) + 1e-7;
}

double activated(Activation activation, double value) {
  if (activation == Activation::kRelu) return value > 0 ? value : 0;
  if (activation == Activation::kSigmoid) return 1 / (1 + std::exp(-value));
  if (activation == Activation::kTanh) return std::tanh(value);
  if (activation == Activation::kSilu) return value / (1 + std::exp(-value));
  return value;
}

// ---- Convolutions.

// Channels of the buffers before x's and y's.
struct Before {
  int x = 0, y = 0;
};

ConvProblem random_conv(Random& random, Before& before) {
  ConvProblem p;
  p.type = std::array{Type::kF32, Type::kF16, Type::kBF16}[random.below(3)];
  p.groups = random.below(3) == 0 ? random.between(2, 4) : 1;
  p.x.n = p.y.n = random.between(1, 3);
  p.x.c = p.groups * random.between(1, 7);
  p.y.c = p.groups * (random.below(4) == 0 ? random.between(15, 35) : random.between(1, 9));
  for (int axis : {0, 1}) {
    p.kernel[axis] = random.between(1, 4);
    p.stride[axis] = random.between(1, 3);
    p.dilation[axis] = random.between(1, 3);
    p.pad_before[axis] = random.below(3);
    p.pad_after[axis] = random.below(4);
    const std::int64_t reach = p.dilation[axis] * (p.kernel[axis] - 1) + 1;
    const std::int64_t in = reach + random.below(6);
    (axis == 0 ? p.x.h : p.x.w) = in;
    (axis == 0 ? p.y.h : p.y.w) =
        (in + p.pad_before[axis] + p.pad_after[axis] - reach) / p.stride[axis] + 1;
  }
  before.x = random.below(2) * random.between(1, 3);
  before.y = random.below(2) * random.between(1, 3);
  p.x.pitch = p.x.c + before.x + random.below(2) * random.below(3);
  p.y.pitch = p.y.c + before.y + random.below(2) * random.below(3);
  p.x.alignment = p.y.alignment = static_cast<std::int64_t>(size_of(p.type));
  p.bias = random.below(2) == 0;
  p.activation = static_cast<Activation>(random.below(4));
  return p;
}

// y by the definition, over what y's buffer held before; how many of ours differ.
int wrong_of(const ConvProblem& p, Before before, const Numbers& x, const Numbers& w,
             const Numbers& bias, const Numbers& y, const std::vector<float>& seen) {
  std::vector<char> ours(seen.size(), 0);
  int wrong = 0;
  const std::int64_t per_group = p.x.c / p.groups;
  for (int n = 0; n < p.y.n; ++n)
    for (int k = 0; k < p.y.c; ++k)
      for (int oy = 0; oy < p.y.h; ++oy)
        for (int ox = 0; ox < p.y.w; ++ox) {
          double sum = p.bias ? bias.host[k] : 0, terms = std::fabs(sum);
          for (int c = 0; c < per_group; ++c)
            for (int r = 0; r < p.kernel[0]; ++r)
              for (int s = 0; s < p.kernel[1]; ++s) {
                const std::int64_t iy = oy * p.stride[0] + r * p.dilation[0] - p.pad_before[0];
                const std::int64_t ix = ox * p.stride[1] + s * p.dilation[1] - p.pad_before[1];
                if (iy < 0 || ix < 0 || iy >= p.x.h || ix >= p.x.w) continue;
                const std::int64_t channel = k / (p.y.c / p.groups) * per_group + c;
                const std::int64_t pixel = (n * p.x.h + iy) * p.x.w + ix;
                const double term =
                    double(x.host[pixel * p.x.pitch + before.x + channel]) *
                    w.host[((k * p.kernel[0] + r) * p.kernel[1] + s) * per_group + c];
                sum += term, terms += std::fabs(term);
              }
          const std::int64_t at = ((n * p.y.h + oy) * p.y.w + ox) * p.y.pitch + before.y + k;
          ours[at] = 1;
          wrong += !near(p.type, seen[at], activated(p.activation, sum), terms);
        }
  for (std::size_t i = 0; i < seen.size(); ++i) wrong += !ours[i] && seen[i] != y.host[i];
  return wrong;
}

int run_conv(const ConvProblem& p, Before before, Random& random) {
  Bench bench;
  const std::int64_t in = p.x.n * p.x.h * p.x.w, out = p.y.n * p.y.h * p.y.w;
  const std::int64_t weights = p.y.c * p.kernel[0] * p.kernel[1] * (p.x.c / p.groups);
  Numbers x(random, p.type, in * p.x.pitch), w(random, p.type, weights);
  Numbers bias(random, p.type, p.y.c), y(random, p.type, out * p.y.pitch);
  for (Numbers* one : {&x, &w, &bias, &y}) one->upload(bench);
  const auto plan = ConvPlan::make(bench.device, p);
  if (!plan) return -1;
  one_task(bench, [&](Recorder& r) {
    plan->run(
        r, stretches(r, p.type, *x.memory, before.x, in, p.x.pitch, p.x.c, false),
        stretches(r, p.type, *w.memory, 0, 1, weights, weights, false),
        p.bias ? stretches(r, p.type, *bias.memory, 0, 1, p.y.c, p.y.c, false) : Address(nullptr),
        stretches(r, p.type, *y.memory, before.y, out, p.y.pitch, p.y.c, true),
        space(r, bench, plan->workspace()));
  });
  return wrong_of(p, before, x, w, bias, y, fetch(bench, y));
}

std::string convolutions() {
  Random random{1};
  sim::faults().any_engine = true;
  int wrong = 0, refused = 0;
  for (int i = 0; i < 150; ++i) {
    Before before;
    const ConvProblem p = random_conv(random, before);
    const int one = run_conv(p, before, random);
    (one < 0 ? refused : wrong) += one < 0 ? 1 : one;
  }
  sim::faults().any_engine = false;
  return text("%d wrong, %d refused", wrong, refused);
}

// How many of a thousand problems are taken, in percent.
template <class Change>
std::string taken(Change&& change) {
  Bench bench;
  Random random{2};
  int count = 0;
  for (int i = 0; i < 1000; ++i) {
    Before before;
    ConvProblem p = random_conv(random, before);
    p.x.pitch = p.x.c, p.y.pitch = p.y.c;
    p.activation = Activation::kNone;
    change(p);
    const bool one = ConvPlan::make(bench.device, p) != nullptr;
    if (one != (ConvPlan::make(bench.device, p) != nullptr)) return "moody twice";
    count += one;
  }
  return count == 1000 ? "all" : text("about %d in 8", (count + 62) / 125);
}

ConvProblem plain_conv() {
  ConvProblem p;
  p.x = {2, 4, 6, 6, 4, 16};
  p.y = {2, 8, 6, 6, 8, 16};
  p.kernel[0] = p.kernel[1] = 3;
  p.pad_before[0] = p.pad_before[1] = p.pad_after[0] = p.pad_after[1] = 1;
  return p;
}

void descriptors() {
  const auto asked = [](const char* name, std::function<void(ConvProblem&)> change) {
    report(name, [&] {
      ConvProblem p = plain_conv();
      change(p);
      ConvPlan::describe(nullptr, p);
    });
  };
  asked("conv", [](ConvProblem&) {});
  asked("conv of no channels", [](ConvProblem& p) { p.x.c = 0; });
  asked("conv of other batches", [](ConvProblem& p) { p.y.n = 3; });
  asked("conv to another height", [](ConvProblem& p) { p.y.h = 5; });
  asked("conv to another width", [](ConvProblem& p) { p.stride[1] = 2; });
  asked("conv larger than x", [](ConvProblem& p) { p.dilation[0] = 5; });
  asked("conv with stride 0", [](ConvProblem& p) { p.stride[0] = 0; });
  asked("conv in uneven groups", [](ConvProblem& p) { p.groups = 3; });
  asked("conv with a short pitch", [](ConvProblem& p) { p.y.pitch = 7; });
  asked("conv with a crooked pitch", [](ConvProblem& p) { p.x.pitch = 5; });
  asked("conv aligned to 12", [](ConvProblem& p) { p.x.alignment = 12; });
  asked("conv aligned to 2", [](ConvProblem& p) { p.x.alignment = 2; });
  asked("conv of tf32 halves", [](ConvProblem& p) {
    p.type = Type::kF16, p.tf32 = true;
    p.x.alignment = p.y.alignment = 2;
  });
  asked("conv with negative pads", [](ConvProblem& p) { p.pad_after[1] = -1; });
}

// The plain problem, run with something wrong.
struct Wrong {
  std::int64_t x_first = 0, x_pitch = 4, w_count = 8 * 9 * 4, y_count = 72;
  bool y_writes = true, x_missing = false, space_missing = false, bias = false;
};

void run_wrong(const Wrong& wrong) {
  Bench bench;
  Random random{3};
  ConvProblem p = plain_conv();
  p.bias = wrong.bias;
  auto plan = ConvPlan::make(bench.device, p);
  while (plan->workspace() == 0) {  // Another, until one wants some.
    ++p.pad_after[0], ++p.y.h;
    plan = ConvPlan::make(bench.device, p);
  }
  const std::int64_t out = 2 * p.y.h * 6;
  Numbers x(random, p.type, 72 * 5 + 1), w(random, p.type, 8 * 9 * 4), y(random, p.type, out * 8);
  for (Numbers* one : {&x, &w, &y}) one->upload(bench);
  one_task(bench, [&](Recorder& r) {
    plan->run(r,
              wrong.x_missing
                  ? Address(nullptr)
                  : stretches(r, p.type, *x.memory, wrong.x_first, 72, wrong.x_pitch, 4, false),
              stretches(r, p.type, *w.memory, 0, 1, wrong.w_count, wrong.w_count, false), nullptr,
              stretches(r, p.type, *y.memory, 0, out, 8, 8, wrong.y_writes),
              wrong.space_missing ? Address(nullptr) : space(r, bench, plan->workspace()));
  });
}

void runs_of_plans() {
  report("a plan", [] { run_wrong({}); });
  report("a plan on another pitch", [] { run_wrong({.x_pitch = 5}); });
  report("a plan on a crooked address", [] { run_wrong({.x_first = 1}); });
  report("a plan with too few weights", [] { run_wrong({.w_count = 8 * 9 * 4 - 1}); });
  report("a plan that writes over its input", [] { run_wrong({.y_writes = false}); });
  report("a plan without x", [] { run_wrong({.x_missing = true}); });
  report("a plan without bias", [] { run_wrong({.bias = true}); });
  report("a plan without workspace", [] { run_wrong({.space_missing = true}); });
  report("no engine", [] {
    Bench bench;
    sim::faults().no_engine = true;
    const bool none = !ConvPlan::make(bench.device, plain_conv()) &&
                      !MatmulPlan::make(bench.device, MatmulProblem{});
    sim::faults().no_engine = false;
    return none ? "none" : "some";
  });
}

// 1 + 2^-12 times 1, summed with -1.
std::string sees_twelve_bits(bool tf32) {
  Bench bench;
  ConvProblem p;
  p.tf32 = tf32;
  p.x = {1, 2, 1, 1, 2, 4};
  p.y.alignment = 4;
  Memory& x = bench.uploaded(std::vector<float>{1 + 1.0f / 4096, -1});
  Memory& w = bench.uploaded(std::vector<float>{1, 1});
  Memory& y = bench.fresh(4);
  HostMemory& out = bench.host(1);
  const auto plan = ConvPlan::make(bench.device, p);
  one_task(bench, [&](Recorder& r) {
    plan->run(r, address(whole<const float>(r, x)), address(whole<const float>(r, w)), nullptr,
              address(whole<float>(r, y)), space(r, bench, plan->workspace()));
    r.copy_out(out, y, 1);
  });
  return text("%g", out.data()[0] * 4096);
}

// ---- Matrix products.

int run_matmul(Random& random) {
  Bench bench;
  MatmulProblem p;
  p.type = std::array{Type::kF32, Type::kF16, Type::kBF16}[random.below(3)];
  p.rows = random.between(1, 5);
  p.inputs = random.between(1, 70);
  p.features = random.between(1, 40);
  p.x_pitch = p.inputs + random.below(2) * random.below(5);
  p.y_pitch = p.features + random.below(2) * random.below(5);
  p.x_alignment = p.y_alignment = static_cast<std::int64_t>(size_of(p.type));
  p.bias = random.below(2) == 0;
  Numbers x(random, p.type, p.rows * p.x_pitch), w(random, p.type, p.features * p.inputs);
  Numbers bias(random, p.type, p.features), y(random, p.type, p.rows * p.y_pitch);
  for (Numbers* one : {&x, &w, &bias, &y}) one->upload(bench);
  const auto plan = MatmulPlan::make(bench.device, p);
  one_task(bench, [&](Recorder& r) {
    const auto all = [&](Numbers& n) {
      const auto count = static_cast<std::int64_t>(n.host.size());
      return stretches(r, p.type, *n.memory, 0, 1, count, count, false);
    };
    plan->run(r, stretches(r, p.type, *x.memory, 0, p.rows, p.x_pitch, p.inputs, false), all(w),
              p.bias ? all(bias) : Address(nullptr),
              stretches(r, p.type, *y.memory, 0, p.rows, p.y_pitch, p.features, true),
              space(r, bench, plan->workspace()));
  });
  const std::vector<float> seen = fetch(bench, y);
  int wrong = 0;
  for (std::int64_t row = 0; row < p.rows; ++row)
    for (std::int64_t f = 0; f < p.y_pitch; ++f) {
      const std::int64_t at = row * p.y_pitch + f;
      if (f >= p.features) {
        wrong += seen[at] != y.host[at];
        continue;
      }
      double sum = p.bias ? bias.host[f] : 0, terms = std::fabs(sum);
      for (std::int64_t i = 0; i < p.inputs; ++i) {
        const double term = double(x.host[row * p.x_pitch + i]) * w.host[f * p.inputs + i];
        sum += term, terms += std::fabs(term);
      }
      wrong += !near(p.type, seen[at], sum, terms);
    }
  return wrong;
}

void matmuls() {
  report("matmuls", [] {
    Random random{4};
    int wrong = 0;
    for (int i = 0; i < 100; ++i) wrong += run_matmul(random);
    return text("%d wrong", wrong);
  });
  const auto asked = [](const char* name, std::function<void(MatmulProblem&)> change) {
    report(name, [&] {
      MatmulProblem p;
      p.rows = 3, p.inputs = p.x_pitch = 8, p.features = p.y_pitch = 4;
      change(p);
      MatmulPlan::describe(nullptr, p);
    });
  };
  asked("matmul", [](MatmulProblem&) {});
  asked("matmul of no rows", [](MatmulProblem& p) { p.rows = 0; });
  asked("matmul of overlapping rows", [](MatmulProblem& p) { p.x_pitch = 7; });
  asked("matmul of crooked rows", [](MatmulProblem& p) { p.y_pitch = 5; });
  asked("matmul of tf32 halves", [](MatmulProblem& p) {
    p.type = Type::kBF16, p.tf32 = true;
    p.x_alignment = p.y_alignment = 2;
  });
  asked("matmul of one row", [](MatmulProblem& p) { p.rows = p.x_pitch = p.y_pitch = 1; });
}

}  // namespace
}  // namespace incept::cuda

int main() {
  using namespace incept::cuda;
  report("convolutions", convolutions);
  report("dense problems", [] { return taken([](ConvProblem&) {}); });
  report("dense problems with relu",
         [] { return taken([](ConvProblem& p) { p.activation = incept::Activation::kRelu; }); });
  report("dense problems with tanh",
         [] { return taken([](ConvProblem& p) { p.activation = incept::Activation::kTanh; }); });
  report("strided x", [] { return taken([](ConvProblem& p) { ++p.x.pitch; }); });
  report("strided y", [] { return taken([](ConvProblem& p) { ++p.y.pitch; }); });
  descriptors();
  runs_of_plans();
  report("f32", [] { return sees_twelve_bits(false); });
  report("tf32", [] { return sees_twelve_bits(true); });
  matmuls();
}
