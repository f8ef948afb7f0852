// Winograd's transforms along one side, on registers of channels: of inputs to the points, and from
// there to outputs. Two of them, along height and along width, transform a tile.
#pragma once

#include "../../numbers.hpp"
#include "points.hpp"

namespace incept::cpu {

template <int OUTPUTS, int TAPS, class Numbers, class Isa>
struct WinogradSide {
  using Number = Sum<Numbers>;
  using Vec = cpu::Vec<Numbers, Isa>;

  static constexpr WinogradPoints kPoints = winograd_points(OUTPUTS, TAPS);
  static constexpr int kSize = kPoints.size;
  static constexpr int kPairs = kPoints.pairs;
  static_assert(kSize == OUTPUTS + TAPS - 1, "no points for this size");

  // in[0], in[STEP], ... times the coefficients of the product of (y - p^2) over all pairs but one.
  template <int LEFT_OUT, int STEP>
  static INCEPT_INLINE Vec evaluate(const Vec* in) {
    constexpr WinogradPoints::Polynomial c = kPoints.product(LEFT_OUT);
    constexpr int degree = LEFT_OUT < 0 ? kPairs : kPairs - 1;
    Vec sum = in[degree * STEP];  // The leading coefficient is 1.
    INCEPT_UNROLL
    for (int k = 0; k < degree; ++k) sum += in[k * STEP] * Number(c.of[k]);
    return sum;
  }

  template <int PAIR>
  static INCEPT_INLINE void pair_in(const Vec* in, Vec* out) {
    const Vec even = evaluate<PAIR, 2>(in + 2);
    const Vec odd = evaluate<PAIR, 2>(in + 1) * Number(kPoints.at[PAIR]);
    out[1 + 2 * PAIR] = even + odd;
    out[2 + 2 * PAIR] = even - odd;
    if constexpr (PAIR + 1 < kPairs) pair_in<PAIR + 1>(in, out);
  }

  // kSize inputs to kSize points.
  static INCEPT_INLINE void input(const Vec* in, Vec* out) {
    if constexpr (kSize == 1) {
      out[0] = in[0];
    } else {
      out[0] = evaluate<-1, 2>(in);
      pair_in<0>(in, out);
      if constexpr (kPoints.infinite()) out[kSize - 1] = evaluate<-1, 2>(in + 1);
    }
  }

  static constexpr double power(double x, int n) { return n == 0 ? 1 : x * power(x, n - 1); }

  // Output I: the sum over the points, each times its power I.
  template <int I, int PAIR>
  static INCEPT_INLINE Vec interpolate(const Vec* even, const Vec* odd) {
    constexpr Number factor = Number(power(kPoints.at[PAIR], I));
    const Vec own = (I % 2 == 0 ? even : odd)[PAIR];
    if constexpr (PAIR + 1 < kPairs)
      return own * factor + interpolate<I, PAIR + 1>(even, odd);
    else
      return own * factor;
  }

  template <int I>
  static INCEPT_INLINE void output_from(const Vec* in, const Vec* even, const Vec* odd, Vec* out) {
    out[I] = interpolate<I, 0>(even, odd);
    if constexpr (I == 0) out[I] += in[0];
    if constexpr (I == OUTPUTS - 1 && kPoints.infinite()) out[I] += in[kSize - 1];
    if constexpr (I + 1 < OUTPUTS) output_from<I + 1>(in, even, odd, out);
  }

  // kSize points to OUTPUTS outputs.
  static INCEPT_INLINE void output(const Vec* in, Vec* out) {
    if constexpr (kSize == 1) {
      out[0] = in[0];
    } else {
      Vec even[kPairs], odd[kPairs];
      INCEPT_UNROLL
      for (int i = 0; i < kPairs; ++i) {
        even[i] = in[1 + 2 * i] + in[2 + 2 * i];
        odd[i] = in[1 + 2 * i] - in[2 + 2 * i];
      }
      output_from<0>(in, even, odd, out);
    }
  }
};

}  // namespace incept::cpu
