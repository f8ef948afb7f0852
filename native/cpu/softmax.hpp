// Softmax over channels, height or width, and its logarithm.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "functions.hpp"
#include "numbers.hpp"
#include "team.hpp"

namespace incept::cpu {

// Distributions as they lie in memory: steps of 16 numbers each. Over channels the numbers of all
// steps are one distribution, whose last step may have fewer; over height or width each lane is one
// of its own.
template <const Softmax& S, class Numbers, class Isa>
struct Distributions {
  using Simd = cpu::Simd<Numbers, Isa>;
  using Vec = cpu::Vec<Numbers, Isa>;
  using Stored = cpu::Stored<Numbers>;
  using Sum = cpu::Sum<Numbers>;
  static constexpr int kLanes = Isa::kLanes;

  static constexpr bool kAcross = S.axis == Softmax::Axis::kChannels;
  static constexpr int kSteps = kAcross ? blocks_of(S.channels) : S.count();
  static constexpr int kTail = kAcross ? S.channels % kBlock : 0;
  static constexpr std::ptrdiff_t kPitch = (kAcross ? S.plane() : S.step()) * kBlock;
  static constexpr std::ptrdiff_t kGroups =
      kAcross ? S.plane() : blocks_of(S.channels) * S.plane() / S.count();
  static constexpr Sum kNothing = -std::numeric_limits<Sum>::infinity();  // Its power is 0.

  static constexpr std::ptrdiff_t start(std::ptrdiff_t group) {
    return (kAcross ? group : S.start(group)) * kBlock;
  }

  // Numbers of the last step's register `part` that are of the distribution.
  static constexpr int own(int part) { return std::clamp(kTail - part * kLanes, 0, kLanes); }

  // A vector ends with its last number; lanes past the last channel of a block are any number.
  static INCEPT_INLINE Vec last(const Stored* x, int part) {
    if constexpr (S.blocked) {
      typename Simd::Bits lane;
      for (int i = 0; i < kLanes; ++i) lane[i] = i;
      return lane < own(part) ? Simd::load(x) : Simd::all(kNothing);
    } else {
      Stored lanes[kLanes];
      std::fill(lanes, lanes + kLanes, Numbers::write(kNothing));
      std::copy(x, x + own(part), lanes);
      return Simd::load(lanes);
    }
  }

  // Calls `visit(at, part, v)` for every register.
  template <class Visit>
  static INCEPT_INLINE void each(const Stored* x, Visit&& visit) {
    constexpr int whole = kSteps - (kTail > 0);
    for (int step = 0; step < whole; ++step) {
      INCEPT_UNROLL
      for (int part = 0; part < kParts<Isa>; ++part) {
        const std::ptrdiff_t at = step * kPitch + part * kLanes;
        visit(at, part, Simd::load(x + at));
      }
    }
    if constexpr (kTail > 0) {
      INCEPT_UNROLL
      for (int part = 0; part < kParts<Isa>; ++part) {
        const std::ptrdiff_t at = whole * kPitch + part * kLanes;
        visit(at, part, last(x + at, part));
      }
    }
  }

  static INCEPT_INLINE void put(Stored* y, std::ptrdiff_t at, int part, Vec v) {
    if (S.blocked || kTail == 0 || at < (kSteps - 1) * kPitch) return Simd::store(y + at, v);
    Stored lanes[kLanes];
    Simd::store(lanes, v);
    std::copy(lanes, lanes + own(part), y + at);
  }

  // Over channels, of all lanes what `join` makes of two; in halves, so that it is a few steps.
  template <class Join>
  static INCEPT_INLINE void fold(Vec (&v)[kParts<Isa>], Join&& join) {
    if constexpr (kAcross) {
      for (int part = 1; part < kParts<Isa>; ++part) v[0] = join(v[0], v[part]);
      Sum lanes[kLanes];
      Simd::put(lanes, v[0]);
      INCEPT_UNROLL
      for (int half = kLanes / 2; half > 0; half /= 2) {
        INCEPT_UNROLL
        for (int i = 0; i < half; ++i) lanes[i] = join(lanes[i], lanes[i + half]);
      }
      for (Vec& each : v) each = Simd::all(lanes[0]);
    }
  }

  static INCEPT_INLINE void compute(const Stored* x, Stored* y) {
    Vec greatest[kParts<Isa>], sum[kParts<Isa>] = {}, lost[kParts<Isa>] = {};
    for (Vec& v : greatest) v = Simd::all(kNothing);
    each(x, [&](std::ptrdiff_t, int part, Vec v)
                INCEPT_ALWAYS_INLINE { greatest[part] = v > greatest[part] ? v : greatest[part]; });
    fold(greatest, [](auto a, auto b) INCEPT_ALWAYS_INLINE { return b > a ? b : a; });
    // Long sums: what rounding took from one addition goes into the next (Kahan 1965).
    each(x, [&](std::ptrdiff_t at, int part, Vec v) INCEPT_ALWAYS_INLINE {
      const Vec power = Functions<Isa>::exp(v - greatest[part]);
      if constexpr (!S.logs) put(y, at, part, power);
      const Vec more = power - lost[part], next = sum[part] + more;
      lost[part] = (next - sum[part]) - more;
      sum[part] = next;
    });
    fold(sum, [](auto a, auto b) INCEPT_ALWAYS_INLINE { return a + b; });
    finish(x, y, greatest, sum);
  }

  static INCEPT_INLINE void finish(const Stored* x, Stored* y, const Vec (&greatest)[kParts<Isa>],
                                   const Vec (&sum)[kParts<Isa>]) {
    Vec by[kParts<Isa>];
    for (int part = 0; part < kParts<Isa>; ++part)
      if constexpr (!S.logs)
        by[part] = Sum(1) / sum[part];
      else if constexpr (kAcross)
        by[part] = Simd::all(std::log(sum[part][0]));
      else
        by[part] = Simd::each_lane(sum[part], [](Sum one) { return std::log(one); });
    each(S.logs ? x : y, [&](std::ptrdiff_t at, int part, Vec v) INCEPT_ALWAYS_INLINE {
      put(y, at, part, S.logs ? v - greatest[part] - by[part] : v * by[part]);
    });
  }
};

// The greatest input is subtracted first, so that nothing overflows. May run in place.
template <const Softmax& S, class Numbers = F32, class Isa = Native>
void softmax(Member& t, const Stored<Numbers>* in, Stored<Numbers>* out) {
  using Own = Distributions<S, Numbers, Isa>;
  for (auto [group, end] : t.stretches(Own::kGroups, enough(16 * Own::kSteps)))
    for (; group < end; ++group) Own::compute(in + Own::start(group), out + Own::start(group));
}

}  // namespace incept::cpu
