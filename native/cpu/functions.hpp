// The exponential function and what is made of it, a register at a time. <cmath> takes one number
// at a time, which costs 5 to 20 times as much.
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
  typedef unsigned Word __attribute__((vector_size(4 * Isa::kLanes)));

  // At most 1.1 units.
  static INCEPT_INLINE Vec exp(Vec x) {
    const Split s = split(between(x, -104.0f, 89.0f));
    // 2^n in two steps: beyond what one number holds, and to denormal results with one rounding.
    const Word whole = s.power + 256, half = whole >> 1;
    return (1.0f + s.rest()) * two_to(half - 128) * two_to(whole - half - 128);
  }

  // exp(x) - 1 where x is not above 0: at most 1.3 units.
  static INCEPT_INLINE Vec expm1(Vec x) {
    const Split s = split(between(x, -40.0f, 0.0f));
    const Vec scale = two_to(s.power);
    return s.rest() * scale + (scale - 1.0f);
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
  static INCEPT_INLINE Split split(Vec x) {
    constexpr float rounds = 12582912.0f;
    const Vec shifted = x * 1.44269504f + rounds, n = shifted - rounds;
    const Vec r = x - n * 0.693359375f - n * -2.12194440e-4f;
    return {reinterpret_cast<Word>(shifted) - 0x4b400000u, r};
  }

  // 2^n for n from -126 to 127.
  static INCEPT_INLINE Vec two_to(Word n) { return reinterpret_cast<Vec>((n + 127) << 23); }

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
