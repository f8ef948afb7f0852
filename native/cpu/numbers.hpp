// Number types as types, a template argument of every fast kernel: how images lie in memory, and
// what is computed with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "batch.hpp"
#include "simd.hpp"

#ifdef __AVX512BF16__
#include <immintrin.h>
#endif

namespace incept::cpu {

struct F32 {
  using Stored = float;  // A number of an image in blocks.
  using Sum = float;     // What is computed with: vectors, sums, a bias, weights unless a kernel
                         // says otherwise; and an image as the caller has it.

  static constexpr Sum read(Stored x) { return x; }
  static constexpr Stored write(Sum x) { return x; }

  template <class Isa>
  struct Simd : Register<Sum, Isa> {
    using typename Register<Sum, Isa>::Vec;
    static INCEPT_INLINE Vec load(const Stored* from) { return Register<Sum, Isa>::at(from); }
    static INCEPT_INLINE void store(Stored* to, Vec v) { Register<Sum, Isa>::put(to, v); }
  };
};

// Registers of integers beside those of numbers; g++ converts none whose size is a template's.
typedef std::uint32_t Words __attribute__((vector_size(4 * Native::kLanes)));
typedef std::uint16_t Halves __attribute__((vector_size(2 * Native::kLanes)));
typedef std::uint16_t UnalignedHalves
    __attribute__((vector_size(2 * Native::kLanes), aligned(2), may_alias));

INCEPT_INLINE Words widened(Halves halves) {
  return __builtin_convertvector(halves, Words);
}
INCEPT_INLINE Halves narrowed(Words words) {
  return __builtin_convertvector(words, Halves);
}

// The upper half of a float: its sign, its exponent and 7 bits of its fraction.
struct Bfloat {
  std::uint16_t bits;
};

// Images in blocks are of numbers of 16 bits; all that is computed is computed in f32.
struct Bf16 {
  using Stored = Bfloat;
  using Sum = float;

  static INCEPT_INLINE Sum read(Stored x) { return float_of(std::uint32_t(x.bits) << 16); }
  // To the nearest, of two equally near ones to the even; NaN stays NaN.
  static INCEPT_INLINE Stored write(Sum x) {
    std::uint32_t bits;
    std::memcpy(&bits, &x, sizeof bits);
    const std::uint32_t nearest = bits + 0x7fff + (bits >> 16 & 1);
    return {std::uint16_t((x != x ? bits | 0x400000 : nearest) >> 16)};
  }

  template <class Isa>
  struct Simd : Register<Sum, Isa> {
    using typename Register<Sum, Isa>::Vec;

    static INCEPT_INLINE Vec load(const Stored* from) {
      const Halves halves = *reinterpret_cast<const UnalignedHalves*>(from);
      return reinterpret_cast<Vec>(widened(halves) << 16);
    }
    static INCEPT_INLINE Vec load(const Sum* from) { return Register<Sum, Isa>::at(from); }
    // With AVX-512-BF16 a number too small for f32's normal ones is stored as 0.
    static INCEPT_INLINE void store(Stored* to, Vec v) {
#ifdef __AVX512BF16__
      const auto halves = _mm512_cvtneps_pbh(reinterpret_cast<__m512>(v));
      std::memcpy(to, &halves, sizeof halves);
#else
      const Words bits = reinterpret_cast<Words>(v);
      const Words nearest = bits + 0x7fff + (bits >> 16 & 1);
      const Words all = reinterpret_cast<Words>(v != v) != 0 ? bits | 0x400000 : nearest;
      *reinterpret_cast<UnalignedHalves*>(to) = narrowed(all >> 16);
#endif
    }
  };

 private:
  static INCEPT_INLINE Sum float_of(std::uint32_t bits) {
    Sum x;
    std::memcpy(&x, &bits, sizeof x);
    return x;
  }
};

// Memory that is counted in floats, where it holds numbers of 16 bits.
INCEPT_INLINE Bfloat* bf16(float* of) {
  return reinterpret_cast<Bfloat*>(of);
}
INCEPT_INLINE const Bfloat* bf16(const float* of) {
  return reinterpret_cast<const Bfloat*>(of);
}
INCEPT_INLINE Batch<Bfloat> bf16(Batch<float> of) {
  return {bf16(of.first), 2 * of.pitch, of.images};
}
INCEPT_INLINE Batch<const Bfloat> bf16(Batch<const float> of) {
  return {bf16(of.first), 2 * of.pitch, of.images};
}

template <class Numbers>
using Stored = typename Numbers::Stored;
template <class Numbers>
using Sum = typename Numbers::Sum;

// What a kernel does to a register, and the register.
template <class Numbers, class Isa>
using Simd = typename Numbers::template Simd<Isa>;
template <class Numbers, class Isa>
using Vec = typename Simd<Numbers, Isa>::Vec;

}  // namespace incept::cpu
