// Checks of the kernels of native/cuda against native/cpu/reference: each prints a line a run, "ok"
// or "FAIL" and the case's name.
#pragma once

#include <cmath>
#include <cstdio>

#include "bench.hpp"
#include "cpu/team.hpp"

namespace check {

using cpu::Member;

// Where input and output of a run lie, and how many images there are. `poison`: a NaN and
// infinities are among the inputs.
struct Run {
  const char* name;
  Margin x, y;
  int batch;
  bool poison = false, in_place = false;
};

// Dense; packs of a wider buffer, to and fro; packs that would begin beside a multiple of their
// size; a pitch that is none.
constexpr Run kRuns[] = {
    {"dense", {}, {}, 2},
    {"slices", {16, 8}, {8, 24}, 1, true},
    {"from an odd place", {3, 5}, {8, 0}, 2},
    {"to an odd pitch", {8, 8}, {8, 1}, 3},
};
constexpr Run kInPlace = {"in place", {8, 0}, {8, 0}, 2, true, true};

template <class P>
constexpr double tolerance() {
  return P::type == Type::kF32 ? 1e-6 : P::type == Type::kF16 ? 1e-3 : 8e-3;
}

// How far off: the relative L2 difference for f32; for what is stored in 16 bits the largest
// relative one of an element, numbers below 1e-3 taken for 1e-3. Infinite where only one is NaN, or
// infinities differ. `expected` is not rounded.
template <class P>
double difference(const Floats& got, const Floats& expected) {
  const Floats stored = rounded<P>(expected);
  double error = 0, norm = 0, worst = 0;
  if (got.size() != expected.size()) return kInfinity;
  for (std::size_t i = 0; i < got.size(); ++i) {
    if (std::isnan(expected[i]) && std::isnan(got[i])) continue;
    if (stored[i] == got[i] && !std::isfinite(got[i])) continue;
    const double off = double(got[i]) - expected[i];
    if (!std::isfinite(off)) return kInfinity;
    error += off * off, norm += double(expected[i]) * expected[i];
    worst = std::max(worst, std::abs(off) / std::max(1e-3, std::abs(double(expected[i]))));
  }
  return P::type == Type::kF32 ? std::sqrt(error / (norm > 0 ? norm : 1)) : worst;
}

inline void verdict(const std::string& name, double off, double allowed) {
  std::printf("%s %s: off by %.2g\n", off <= allowed ? "ok" : "FAIL", name.c_str(), off);
}

// Runs `body`, which returns how far off it is; a Failure is one.
template <class P, class Body>
void attempt(const std::string& name, double allowed, Body&& body) {
  const std::string whole = name + ", " + name_of(P::type);
  try {
    verdict(whole, body(), allowed);
  } catch (const Failure& failure) {
    std::printf("FAIL %s: %s: %s\n", whole.c_str(), failure.code.c_str(), failure.message.c_str());
  }
}

// `plain(member, in, out)` on each of the planar images.
template <class Plain>
Floats reference_of(const Floats& in, std::size_t out_elements, int batch, Plain&& plain) {
  Floats out(out_elements * batch);
  const Member alone(nullptr);
  for (int n = 0; n < batch; ++n)
    plain(alone, in.data() + in.size() / batch * n, out.data() + out_elements * n);
  return out;
}

// What to expect of a kernel.
struct Kind {
  bool moves = false;     // It only moves values: exactly.
  bool in_place = false;  // It may write over its input.
  bool averages = false;  // It gets positive numbers: others may cancel to next to nothing.
};

struct Shape {
  int channels, height, width;
  std::size_t elements() const { return std::size_t(channels) * height * width; }
};

template <class S>
Shape shape_of(const S& s) {
  return {s.channels, s.height, s.width};
}

// One run of `fast(bench, walk, x, y)` from one random image to another.
template <class P, class Fast, class Plain>
void image_run(const std::string& name, const Run& run, const Shape& from, const Shape& to,
               const Kind& kind, Fast&& fast, Plain&& plain) {
  const double allowed = kind.moves ? 0 : tolerance<P>();
  attempt<P>(name + ", " + run.name, allowed, [&] {
    Floats in = random(from.elements() * run.batch, kind.averages ? 0 : -1);
    if (run.poison) in = poisoned(in);
    in = rounded<P>(in);
    Bench<P> bench(run.batch);
    const Value x = bench.put(in, from.channels, from.height, from.width, run.x);
    const Value y = run.in_place ? x : bench.place(to.channels, to.height, to.width, run.y);
    fast(bench, x, y);
    return difference<P>(bench.got(y), reference_of(in, to.elements(), run.batch, plain));
  });
}

// All runs in all precisions; `fast(bench, x, y)` for each.
template <class Fast, class Plain>
void image_case(const std::string& name, const Shape& from, const Shape& to, const Kind& kind,
                Fast&& fast, Plain&& plain) {
  const auto runs = [&]<class P>(P) {
    for (const Run& run : kRuns) image_run<P>(name, run, from, to, kind, fast, plain);
    if (kind.in_place) image_run<P>(name, kInPlace, from, to, kind, fast, plain);
  };
  runs(f32{}), runs(f16{}), runs(bf16{});
}

}  // namespace check
