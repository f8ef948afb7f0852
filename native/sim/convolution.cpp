// A convolution that asks for no speed beyond what tests can bear.
#include <algorithm>
#include <vector>

#include "../cuda/library_activations.hpp"
#include "faults.hpp"
#include "library.hpp"
#include "plans.hpp"

namespace incept::cuda {
namespace {

using sim::kLanes;
using sim::number;
using sim::require;
using sim::size;

void check_layout(const char* name, const TensorLayout& t, std::int64_t element) {
  require(t.n > 0 && t.c > 0 && t.h > 0 && t.w > 0,
          text("%s is %lld x %lld x %lldx%lld: all must be positive", name, number(t.n),
               number(t.c), number(t.h), number(t.w)));
  require(t.pitch >= t.c, text("%s has %lld channels, %lld apart: pixels would overlap", name,
                               number(t.c), number(t.pitch)));
  sim::require_alignment(name, t.alignment, element);
  // Of a dense one only the start counts: its channels are one stretch.
  require(t.dense() || t.n * t.h * t.w == 1 || t.pitch * element % t.alignment == 0,
          text("%s is aligned to %lld bytes, but its pixels are %lld apart", name,
               number(t.alignment), number(t.pitch * element)));
}

// Height (0) or width (1).
void check_extent(const ConvProblem& p, int axis) {
  const char* name = axis == 0 ? "height" : "width";
  require(p.kernel[axis] > 0 && p.stride[axis] > 0 && p.dilation[axis] > 0,
          text("kernel %lld, stride %lld and dilation %lld along the %s must be positive",
               number(p.kernel[axis]), number(p.stride[axis]), number(p.dilation[axis]), name));
  require(p.pad_before[axis] >= 0 && p.pad_after[axis] >= 0,
          text("pads %lld and %lld along the %s are negative", number(p.pad_before[axis]),
               number(p.pad_after[axis]), name));
  const std::int64_t in = axis == 0 ? p.x.h : p.x.w, out = axis == 0 ? p.y.h : p.y.w;
  const std::int64_t reach = p.dilation[axis] * (p.kernel[axis] - 1) + 1;
  const std::int64_t room = in + p.pad_before[axis] + p.pad_after[axis] - reach;
  require(
      room >= 0 && out == room / p.stride[axis] + 1,
      text("y has %s %lld; x has %lld, which gives %lld with kernel %lld, stride %lld, dilation "
           "%lld, pads %lld and %lld",
           name, number(out), number(in), number(room < 0 ? 0 : room / p.stride[axis] + 1),
           number(p.kernel[axis]), number(p.stride[axis]), number(p.dilation[axis]),
           number(p.pad_before[axis]), number(p.pad_after[axis])));
}

std::uint64_t hash_of(const ConvProblem& p) {
  return sim::hash({static_cast<int>(p.type),
                    p.tf32,
                    p.x.n,
                    p.x.c,
                    p.x.h,
                    p.x.w,
                    p.x.pitch,
                    p.x.alignment,
                    p.y.c,
                    p.y.h,
                    p.y.w,
                    p.y.pitch,
                    p.y.alignment,
                    p.kernel[0],
                    p.kernel[1],
                    p.stride[0],
                    p.stride[1],
                    p.dilation[0],
                    p.dilation[1],
                    p.pad_before[0],
                    p.pad_before[1],
                    p.pad_after[0],
                    p.pad_after[1],
                    p.groups,
                    p.bias,
                    static_cast<int>(p.activation)});
}

// Libraries lack engines for some problems; for which ones nobody can tell beforehand.
bool refuses(const ConvProblem& p, std::uint64_t hash) {
  if (!library_applies(p.activation)) return true;
  const bool curved = p.activation != Activation::kNone && p.activation != Activation::kRelu;
  return (!p.x.dense() && hash % 4 == 0) || (!p.y.dense() && hash / 4 % 4 == 0) ||
         (curved && hash / 16 % 2 == 0);
}

// Weights as [group][sixteen outputs][r][s][input][output of the sixteen], zeros where there is no
// such output.
std::vector<float> gather_weights(const ConvProblem& p, Address w) {
  const std::int64_t outputs = p.y.c / p.groups, inputs = p.x.c / p.groups;
  const std::int64_t taps = p.kernel[0] * p.kernel[1], blocks = (outputs + kLanes - 1) / kLanes;
  std::vector<float> rows(p.groups * blocks * taps * inputs * kLanes);
  std::vector<float> line(taps * inputs);
  const std::int64_t count = static_cast<std::int64_t>(line.size());
  for (std::int64_t k = 0; k < p.y.c; ++k) {
    sim::read_numbers(w, k * count * size(p), count, p.type, p.tf32, line.data());
    const std::int64_t block = k / outputs * blocks + k % outputs / kLanes;
    float* to = rows.data() + block * count * kLanes + k % outputs % kLanes;
    for (std::int64_t i = 0; i < count; ++i) to[i * kLanes] = line[i];
  }
  return rows;
}

// One pixel of y, before bias and activation.
void convolve_pixel(const ConvProblem& p, const float* image, const float* rows, std::int64_t oy,
                    std::int64_t ox, float* out) {
  const std::int64_t outputs = p.y.c / p.groups, inputs = p.x.c / p.groups;
  for (std::int64_t group = 0; group < p.groups; ++group) {
    for (std::int64_t first = 0; first < outputs; first += kLanes) {
      float sums[kLanes] = {};
      for (std::int64_t r = 0; r < p.kernel[0]; ++r) {
        const std::int64_t iy = oy * p.stride[0] - p.pad_before[0] + r * p.dilation[0];
        for (std::int64_t s = 0; s < p.kernel[1]; ++s, rows += inputs * kLanes) {
          const std::int64_t ix = ox * p.stride[1] - p.pad_before[1] + s * p.dilation[1];
          if (iy < 0 || iy >= p.x.h || ix < 0 || ix >= p.x.w) continue;
          sim::accumulate(image + (iy * p.x.w + ix) * p.x.c + group * inputs, rows, inputs, sums);
        }
      }
      std::copy_n(sums, std::min<std::int64_t>(kLanes, outputs - first),
                  out + group * outputs + first);
    }
  }
}

void convolve(const ConvProblem& p, Address x, Address w, Address bias, Address y) {
  const std::vector<float> rows = gather_weights(p, w);
  std::vector<float> offsets(p.y.c), image(p.x.c * p.x.h * p.x.w), pixel(p.y.c);
  if (p.bias) sim::read_numbers(bias, 0, p.y.c, p.type, false, offsets.data());
  for (std::int64_t n = 0; n < p.x.n; ++n) {
    const std::int64_t in = p.x.h * p.x.w, out = p.y.h * p.y.w;
    for (std::int64_t i = 0; i < in; ++i)
      sim::read_numbers(x, (n * in + i) * p.x.pitch * size(p), p.x.c, p.type, p.tf32,
                        image.data() + i * p.x.c);
    for (std::int64_t i = 0; i < out; ++i) {
      convolve_pixel(p, image.data(), rows.data(), i / p.y.w, i % p.y.w, pixel.data());
      for (std::int64_t k = 0; k < p.y.c; ++k)
        pixel[k] = activated(p.activation, pixel[k] + offsets[k], 0);
      sim::write_numbers(y, (n * out + i) * p.y.pitch * size(p), p.y.c, p.type, pixel.data());
    }
  }
}

}  // namespace

void ConvPlan::describe(Device*, const ConvProblem& p) {
  check_layout("x", p.x, size(p));
  check_layout("y", p.y, size(p));
  require(p.x.n == p.y.n, text("x has %lld images, y %lld", number(p.x.n), number(p.y.n)));
  check_extent(p, 0);
  check_extent(p, 1);
  require(p.groups > 0 && p.x.c % p.groups == 0 && p.y.c % p.groups == 0,
          text("%lld groups part neither %lld inputs nor %lld outputs evenly", number(p.groups),
               number(p.x.c), number(p.y.c)));
  require(!p.tf32 || p.type == Type::kF32, text("tf32 is asked for of %s", name_of(p.type)));
}

std::unique_ptr<ConvPlan> ConvPlan::make(Device& device, const ConvProblem& problem) {
  describe(&device, problem);
  const std::uint64_t hash = hash_of(problem);
  const sim::Faults& faults = sim::faults();
  if (faults.no_engine || (!faults.any_engine && refuses(problem, hash))) return nullptr;
  return std::unique_ptr<ConvPlan>(new ConvPlan(problem, sim::workspace_for(hash)));
}

std::string ConvPlan::engine() const {
  return text("simulated, %zu bytes", workspace_);
}

void ConvPlan::run(Recorder& recorder, Address x, Address w, Address bias, Address y,
                   Address workspace) const {
  for (const Address& one : {x, w, bias, y, workspace}) recorder.check_view("conv", one.view());
  recorder.library("conv", [p = problem_, space = workspace_, x, w, bias, y, workspace] {
    sim::require_address("x", x, p.x.alignment);
    sim::require_address("w", w, 16);
    if (p.bias) sim::require_address("bias", bias, 16);
    sim::require_address("y", y, p.y.alignment);
    sim::spoil(workspace, space);
    convolve(p, x, w, bias, y);
    sim::spoil(workspace, space);
  });
}

}  // namespace incept::cuda
