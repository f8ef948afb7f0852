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
  static constexpr Sum kNothing = -std::numeric_limits<Sum>::infinity();

  static constexpr std::ptrdiff_t start(std::ptrdiff_t group) {
    return (kAcross ? group : S.start(group)) * kBlock;
  }

  // Numbers of the last step's register `part` that are of the distribution.
  static constexpr int own(int part) { return std::clamp(kTail - part * kLanes, 0, kLanes); }

  // Of the last step's register the lanes of the distribution, `others` in those past it.
  static INCEPT_INLINE Vec last_lanes(Vec v, int part, Vec others) {
    typename Simd::Bits lane;
    for (int i = 0; i < kLanes; ++i) lane[i] = i;
    return lane < own(part) ? v : others;
  }

  // A vector ends with its last number; lanes past the last channel of a block are any number.
  static INCEPT_INLINE Vec last(const Stored* x, int part, Vec others) {
    if constexpr (S.blocked) {
      return last_lanes(Simd::load(x), part, others);
    } else {
      Stored lanes[kLanes] = {};
      std::copy(x, x + own(part), lanes);
      return last_lanes(Simd::load(lanes), part, others);
    }
  }

  // Calls `visit(at, part, v)` for every register; past the distribution v is `others[part]`.
  template <class Visit>
  static INCEPT_INLINE void each(const Stored* x, const Vec* others, Visit&& visit) {
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
        visit(at, part, last(x + at, part, others[part]));
      }
    }
  }

  static constexpr bool is_last(std::ptrdiff_t at) {
    return kTail > 0 && at >= (kSteps - 1) * kPitch;
  }

  static INCEPT_INLINE void put(Stored* y, std::ptrdiff_t at, int part, Vec v) {
    if (S.blocked || !is_last(at)) return Simd::store(y + at, v);
    Stored lanes[kLanes];
    Simd::store(lanes, v);
    std::copy(lanes, lanes + own(part), y + at);
  }

  // Over channels lanes and registers of a pixel are of one distribution.
  static constexpr int kAtOnce = kAcross && kGroups > 1 ? kLanes : 1;
  using Own = Vec[kParts<Isa>];

  // Over channels, of all lanes of each pixel what `join` makes of two: one number a pixel.
  template <class Join>
  static INCEPT_INLINE void fold(Own (&of)[kAtOnce], Join&& join) {
    if constexpr (kAcross) {
      Vec pixels[kAtOnce];
      for (int p = 0; p < kAtOnce; ++p) {
        pixels[p] = of[p][0];
        for (int part = 1; part < kParts<Isa>; ++part) pixels[p] = join(pixels[p], of[p][part]);
      }
      const Vec folded = fold_lanes<kAtOnce>(pixels, join);
      Sum each[kLanes];
      Simd::put(each, folded);
      for (int p = 0; p < kAtOnce; ++p)
        for (Vec& v : of[p]) v = Simd::all(each[p]);
    }
  }

  static INCEPT_INLINE void compute(const Stored* x, Stored* y, int count) {
    Own greatest[kAtOnce], sum[kAtOnce];
    for (Own& own : greatest) std::fill(own, own + kParts<Isa>, Simd::all(kNothing));
    for (int p = 0; p < count; ++p)
      each(x + p * kBlock, greatest[p], [&](std::ptrdiff_t, int part, Vec v) INCEPT_ALWAYS_INLINE {
        greatest[p][part] = v > greatest[p][part] ? v : greatest[p][part];
      });
    fold(greatest, [](auto a, auto b) INCEPT_ALWAYS_INLINE { return b > a ? b : a; });
    for (Own& own : sum) std::fill(own, own + kParts<Isa>, Vec{});
    for (int p = 0; p < count; ++p) powers(x + p * kBlock, y + p * kBlock, greatest[p], sum[p]);
    fold(sum, [](auto a, auto b) INCEPT_ALWAYS_INLINE { return a + b; });
    for (int p = 0; p < count; ++p) finish(x + p * kBlock, y + p * kBlock, greatest[p], sum[p]);
  }

  // Long sums: what rounding took from one addition goes into the next (Kahan 1965). Lanes past the
  // distribution are 0, but not as a power that no number holds: processors take long for those.
  static INCEPT_INLINE void powers(const Stored* x, Stored* y, const Own& greatest, Own& total) {
    Own sum = {}, lost = {};
    each(x, greatest, [&](std::ptrdiff_t at, int part, Vec v) INCEPT_ALWAYS_INLINE {
      Vec power = Functions<Isa>::exp(v - greatest[part]);
      if (is_last(at)) power = last_lanes(power, part, Vec{});
      if constexpr (!S.logs) put(y, at, part, power);
      const Vec more = power - lost[part], next = sum[part] + more;
      lost[part] = (next - sum[part]) - more;
      sum[part] = next;
    });
    std::copy(sum, sum + kParts<Isa>, total);
  }

  static INCEPT_INLINE void finish(const Stored* x, Stored* y, const Own& greatest,
                                   const Own& sum) {
    Own by;
    for (int part = 0; part < kParts<Isa>; ++part)
      if constexpr (!S.logs)
        by[part] = Sum(1) / sum[part];
      else if constexpr (kAcross)
        by[part] = Simd::all(std::log(sum[part][0]));
      else
        by[part] = Simd::each_lane(sum[part], [](Sum one) { return std::log(one); });
    each(S.logs ? x : y, greatest, [&](std::ptrdiff_t at, int part, Vec v) INCEPT_ALWAYS_INLINE {
      put(y, at, part, S.logs ? v - greatest[part] - by[part] : v * by[part]);
    });
  }

 private:
  // Of `count` registers (as many as lanes, or one) what `join` makes of the lanes of each: lane p
  // is that of register p. Halves of two registers become one, until one is left.
  template <int COUNT, int HALF = kLanes / 2, class Join>
  static INCEPT_INLINE Vec fold_lanes(const Vec (&of)[COUNT], Join&& join) {
    constexpr int left = std::max(COUNT / 2, 1);
    Vec folded[left];
    INCEPT_UNROLL
    for (int p = 0; p < left; ++p) {
      const Vec &a = of[p], &b = of[COUNT > 1 ? p + left : p];
      folded[p] =
          join(Simd::template halves<HALF, false>(a, b), Simd::template halves<HALF, true>(a, b));
    }
    if constexpr (HALF == 1)
      return folded[0];
    else
      return fold_lanes<left, HALF / 2>(folded, join);
  }
};

// The greatest input is subtracted first, so that nothing overflows. May run in place.
template <const Softmax& S, class Numbers = F32, class Isa = Native>
void softmax(Member& t, const Stored<Numbers>* in, Stored<Numbers>* out) {
  using Own = Distributions<S, Numbers, Isa>;
  for (auto [group, end] : t.stretches(Own::kGroups, enough(16 * Own::kSteps)))
    for (; group < end; group += Own::kAtOnce)
      Own::compute(in + Own::start(group), out + Own::start(group),
                   static_cast<int>(std::min<std::ptrdiff_t>(Own::kAtOnce, end - group)));
}

}  // namespace incept::cpu
