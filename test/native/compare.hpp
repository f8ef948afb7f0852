// What tests of kernels are made of: random data, layouts, and how near a result comes to another.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "conv/phased.hpp"
#include "team.hpp"

namespace check {

using namespace incept;
using namespace incept::cpu;
using Floats = std::vector<float>;

// Relative L2. Winograd's sums are of other numbers than the definition's; on numbers drawn evenly,
// whose sums nearly cancel, they lose more than on a network's own (bench/native/README.md).
constexpr double kTolerance = 2e-6, kWinogradTolerance = 4e-6;
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

inline int failures = 0;

inline Floats random(std::size_t count, float low = -1, float high = 1) {
  static std::mt19937 engine(7);
  std::uniform_real_distribution<float> number(low, high);
  Floats values(count);
  for (float& x : values) x = number(engine);
  return values;
}

// Puts a NaN and infinities of both signs among the values: every kernel must pass them on alike.
inline Floats poisoned(Floats values) {
  const std::size_t n = values.size();
  values[n / 2] = kNaN;
  values[n / 3] = std::numeric_limits<float>::infinity();
  values[n / 5] = -std::numeric_limits<float>::infinity();
  return values;
}

// Lanes past the last channel hold NaN, so that a kernel which reads them shows.
inline Floats blocked(const Floats& planar, int channels, std::ptrdiff_t plane) {
  Floats result(std::size_t(blocks_of(channels)) * kBlock * plane, kNaN);
  for (int c = 0; c < channels; ++c)
    for (std::ptrdiff_t p = 0; p < plane; ++p)
      result[(c / kBlock * plane + p) * kBlock + c % kBlock] = planar[c * plane + p];
  return result;
}

inline Floats planar(const Floats& blocked, int channels, std::ptrdiff_t plane) {
  Floats result(channels * plane);
  for (int c = 0; c < channels; ++c)
    for (std::ptrdiff_t p = 0; p < plane; ++p)
      result[c * plane + p] = blocked[(c / kBlock * plane + p) * kBlock + c % kBlock];
  return result;
}

template <class S>
Floats laid_out(const S& s, const Floats& values) {
  return s.blocked ? blocked(values, s.channels, s.plane()) : values;
}

template <class S>
Floats as_planar(const S& s, const Floats& values) {
  return s.blocked ? planar(values, s.channels, s.plane()) : values;
}

// What a NaN among a kernel's inputs may do: make those results NaN that it is for, or others too.
enum class NaN { kExact, kSpreads };

// How near a kernel comes to its reference.
struct Rule {
  double tolerance = kTolerance;
  NaN nan = NaN::kExact;
};

template <class Algorithm>
constexpr Rule rule_of = {};
template <int HEIGHT, int WIDTH, int BLOCKS, int TILES, WinogradShare SHARE>
constexpr Rule rule_of<Winograd<HEIGHT, WIDTH, BLOCKS, TILES, SHARE>> = {kWinogradTolerance,
                                                                         NaN::kSpreads};
template <int HEIGHT, int WIDTH, int BLOCKS, int TILES, WinogradShare SHARE>
constexpr Rule rule_of<PhasedWinograd<HEIGHT, WIDTH, BLOCKS, TILES, SHARE>> =
    rule_of<Winograd<HEIGHT, WIDTH, BLOCKS, TILES, SHARE>>;

// Relative L2 difference; infinite where exactly one is NaN or infinities differ.
inline double difference(const Floats& got, const Floats& expected, NaN nan = NaN::kExact) {
  double error = 0, norm = 0;
  if (got.size() != expected.size()) return std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < got.size(); ++i) {
    if (std::isnan(got[i]) && (std::isnan(expected[i]) || nan == NaN::kSpreads)) {
      if (std::isfinite(expected[i])) norm += double(expected[i]) * expected[i];
      continue;
    }
    if (expected[i] == got[i]) {
      if (std::isfinite(got[i])) norm += double(got[i]) * got[i];
      continue;
    }
    const double off = double(got[i]) - expected[i];
    if (!std::isfinite(off)) return std::numeric_limits<double>::infinity();
    error += off * off, norm += double(expected[i]) * expected[i];
  }
  return std::sqrt(error / (norm > 0 ? norm : 1));
}

inline void verdict(const std::string& name, int threads, double off,
                    double tolerance = kTolerance) {
  const bool good = off <= tolerance;
  if (!good) ++failures;
  std::printf("%s %s threads=%d difference=%.2g\n", good ? "ok" : "FAIL", name.c_str(), threads,
              off);
}

inline bool same_bits(const Floats& a, const Floats& b) {
  const auto same = [](float x, float y) {
    return std::isnan(x) ? std::isnan(y) : x == y && std::signbit(x) == std::signbit(y);
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), same);
}

// `run(member)` computes, `got()` fetches the result in planar form: to the same bit with any
// number of threads. Whatever the run writes is NaN before: a member that does not wait for the
// others' share of the workspace reads that.
inline void compare(const std::string& name, const Floats& expected,
                    const std::function<void(Member&)>& run, const std::function<Floats()>& got,
                    Floats* workspace = nullptr, Rule rule = {}) {
  Floats alone;
  for (const int threads : {1, 2, 3, 7}) {
    Team team(threads);
    if (workspace) std::fill(workspace->begin(), workspace->end(), kNaN);
    team.run(run);
    const Floats own = got();
    if (threads == 1) alone = own;
    const bool same = same_bits(own, alone);
    verdict(same ? name : name + " (other bits)", threads,
            same ? difference(own, expected, rule.nan) : std::numeric_limits<double>::infinity(),
            rule.tolerance);
  }
}

inline void alone(const std::function<void(Member&)>& function) {
  Team team(1);
  team.run(function);
}

}  // namespace check
