// The exponential function, powers and what is made of them, a register at a time. <cmath> takes
// one number at a time, which costs 5 to 20 times as much.
//
// Errors are in units in the last place of the exact result, as test/native/functions.test.ts
// bounds them over all exponents and both signs; denormal numbers are right, infinities go where
// the function goes, and NaN stays. The polynomials are Remez's of the largest error relative to
// the result.
#pragma once

#include "simd.hpp"

namespace incept::cpu {

template <class Isa>
struct Functions {
  using Simd = Register<float, Isa>;
  using Vec = typename Simd::Vec;
  using Bits = typename Simd::Bits;
  typedef unsigned Word __attribute__((vector_size(4 * Isa::kLanes)));

  // At most 1.1 units.
  static INCEPT_INLINE Vec exp(Vec x) {
    const Split s = split(between(x, -104.0f, 89.0f));
    return times_two_to(1.0f + s.rest(), s.power);
  }

  // x^p, NaN where x is below 0: at most 1.4 units for p from -1 to 1.
  static INCEPT_INLINE Vec power(Vec x, float p) {
    const Vec none{}, one = Simd::all(1.0f), infinite = Simd::all(__builtin_inff());
    const Logarithm log = logarithm(x);
    // So that of a large power what is left over is exact, p is two numbers, and the first one's
    // product, too.
    const float high = first_digits(p), low = p - high;
    const Vec rest = log.whole * low + log.rest * p;
    const Vec shifted = between(log.whole * high + rest, -151.0f, 129.0f) + kRounds;
    const Vec r = (log.whole * high - (shifted - kRounds)) + rest;
    const Split s{reinterpret_cast<Word>(shifted) - kRoundsBits, between(r, -1, 1) * 0.693147181f};
    const Vec finite = times_two_to(1.0f + s.rest(), s.power);
    const Vec of_none = p < 0 ? infinite : p > 0 ? none : one;
    const Vec of_infinite = p < 0 ? none : p > 0 ? infinite : one;
    const Vec above = x < infinite ? finite : of_infinite;
    return x > none ? above : x == none ? of_none : Simd::all(__builtin_nanf(""));
  }

  // exp(x) - 1 where x is not above 0: at most 1.3 units.
  static INCEPT_INLINE Vec expm1(Vec x) {
    const Split s = split(between(x, -40.0f, 0.0f));
    const Vec scale = two_to(s.power);
    return s.rest() * scale + (scale - 1.0f);
  }

  // x^(-3/4) of x from 2^-126 on: at most 1.8 units, and a quarter of the time. From a guess y^4
  // comes near x^-3, by the first terms of (1 - h)^(-1/4).
  static INCEPT_INLINE Vec inverse_three_quarters(Vec x) {
    Vec y = near_inverse_three_quarters(x);
    INCEPT_UNROLL
    for (int step = 0; step < kSteps; ++step) {
      const Vec root = x * y, h = 1.0f - root * root * (root * y);
      y += h * y * (h * 0.15625f + 0.25f);
    }
    // Of an infinite x it is NaN now, or infinite.
    const Bits finite = x != Simd::all(__builtin_inff());
    return reinterpret_cast<Vec>(reinterpret_cast<Bits>(y) & finite);
  }

  // At most 2.8 units.
  static INCEPT_INLINE Vec sigmoid(Vec x) {
    const Vec e = exp(-magnitude(x)), above = 1.0f / (1.0f + e);
    return x < Vec{} ? e * above : above;
  }

  // At most 2.8 units.
  static INCEPT_INLINE Vec tanh(Vec x) {
    const Vec e = expm1(-2.0f * magnitude(x));
    return signed_as(x, e / (2.0f + e));
  }

  // At most 1.6 units. Below 1 an odd polynomial, above it 1 - exp(another one).
  static INCEPT_INLINE Vec erf(Vec x) {
    const Vec t = between(magnitude(x), 0.0f, 4.0f), u = t * t;
    const Vec below = t * polynomial(u, 0.128379166f, -0.37612626f, 0.112835854f, -0.026853811f,
                                     0.00518832682f, -0.000801018672f, 7.85383963e-05f) +
                      t;
    const Vec beyond = t * polynomial(t, -1.12869716f, -0.634958267f, -0.106549114f, 0.0240255166f,
                                      -0.00376466359f, 0.000352333009f, -1.41339242e-05f);
    return signed_as(x, t < 1.0f ? below : 1.0f - exp(beyond));
  }

 private:
#if defined(__SSE__)
  static constexpr int kSteps = 1;

  // Within 2^-10.
  static INCEPT_INLINE Vec near_inverse_three_quarters(Vec x) {
    const Vec root = near_inverse_root(x);
    return root * root * near_inverse_root(root);
  }

  // x^(-1/2), within 2^-11.4: the processor's guess, whose last bits differ between makers.
  static INCEPT_INLINE Vec near_inverse_root(Vec x) {
#if defined(__AVX512F__)
    return __builtin_ia32_rsqrt14ps512_mask(x, Vec{}, 0xffff);
#elif defined(__AVX__)
    return __builtin_ia32_rsqrtps256(x);
#else
    return __builtin_ia32_rsqrtps(x);
#endif
  }
#else
  static constexpr int kSteps = 2;

  // Within 5 %: its bits are about so many times those of x.
  static INCEPT_INLINE Vec near_inverse_three_quarters(Vec x) {
    const Bits bits = reinterpret_cast<Bits>(x);
    return reinterpret_cast<Vec>(0x6f148000 - (bits >> 1) - (bits >> 2));
  }
#endif

  // x = n * ln 2 + r, |r| <= ln 2 / 2.
  struct Split {
    Word power;  // n
    Vec r;
    // exp(r) - 1.
    INCEPT_INLINE Vec rest() const {
      return r * r *
                 polynomial(r, 0.49999994f, 0.166665211f, 0.041668389f, 0.00836871658f,
                            0.00138145941f) +
             r;
    }
  };

  // Numbers from 2^23 to 2^24 have no fraction: adding 1.5 * 2^23 rounds, and leaves n in the last
  // bits. ln 2 is two numbers, of which the first has so few digits that its product is exact.
  static constexpr float kRounds = 12582912.0f;
  static constexpr unsigned kRoundsBits = 0x4b400000u;
  static INCEPT_INLINE Split split(Vec x) {
    const Vec shifted = x * 1.44269504f + kRounds, n = shifted - kRounds;
    const Vec r = x - n * 0.693359375f - n * -2.12194440e-4f;
    return {reinterpret_cast<Word>(shifted) - kRoundsBits, r};
  }

  // log2 x = whole + rest, |rest| <= 1/2.
  struct Logarithm {
    Vec whole, rest;
  };

  // Of x above 0: 2^whole times a number from sqrt(1/2) to sqrt(2).
  static INCEPT_INLINE Logarithm logarithm(Vec x) {
    constexpr int root = 0x3f3504f3;  // sqrt(1/2)
    const auto small = x < 0x1p-126f;
    const Vec normal = small ? x * 0x1p24f : x;
    const Bits bits = reinterpret_cast<Bits>(normal) - root;
    const Vec f = reinterpret_cast<Vec>((bits & 0x7fffff) + root) - 1.0f;
    return {__builtin_convertvector(bits >> 23, Vec) - (small ? Simd::all(24) : Vec{}),
            f * polynomial(f, 1.44269502f, -0.721347332f, 0.480910629f, -0.360703677f, 0.287916243f,
                           -0.238944814f, 0.21571562f, -0.207269758f, 0.125837058f)};
  }

  // So few digits that the product with an exponent is exact.
  static INCEPT_INLINE float first_digits(float x) {
    return __builtin_bit_cast(float, __builtin_bit_cast(unsigned, x) & 0xfffff000u);
  }

  // 2^n for n from -126 to 127.
  static INCEPT_INLINE Vec two_to(Word n) { return reinterpret_cast<Vec>((n + 127) << 23); }

  // x * 2^n in two steps: beyond what one number holds, and to denormal results with one rounding.
  static INCEPT_INLINE Vec times_two_to(Vec x, Word n) {
    const Word whole = n + 256, half = whole >> 1;
    return x * two_to(half - 128) * two_to(whole - half - 128);
  }

  static INCEPT_INLINE Vec between(Vec x, float least, float most) {
    const Vec low = Simd::all(least), high = Simd::all(most);
    x = x < low ? low : x;
    return x > high ? high : x;
  }

  static INCEPT_INLINE Vec magnitude(Vec x) {
    return reinterpret_cast<Vec>(reinterpret_cast<Word>(x) & 0x7fffffffu);
  }

  // The magnitude of y with the sign of x.
  static INCEPT_INLINE Vec signed_as(Vec x, Vec y) {
    return reinterpret_cast<Vec>((reinterpret_cast<Word>(x) & 0x80000000u) |
                                 reinterpret_cast<Word>(magnitude(y)));
  }

  // Of x, from the constant term on.
  template <class... Terms>
  static INCEPT_INLINE Vec polynomial(Vec x, float term, Terms... terms) {
    if constexpr (sizeof...(terms) == 0)
      return Simd::all(term);
    else
      return polynomial(x, terms...) * x + term;
  }
};

}  // namespace incept::cpu
