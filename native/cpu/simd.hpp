// Registers through the compilers' vector extensions: the same code serves AVX-512, AVX2, SSE and
// NEON.
#pragma once

#include <utility>

#include "isa.hpp"
#include "shape.hpp"

// UNROLL keeps small fixed loops over accumulators in registers. INDEPENDENT says that no iteration
// reads what another has written: a compiler that has to look whether values overlap takes a result
// that is written over an operand for one.
#if defined(__clang__)
#define INCEPT_UNROLL _Pragma("unroll")
#define INCEPT_NO_UNROLL _Pragma("clang loop unroll(disable)")
#define INCEPT_UNROLL_4 _Pragma("unroll 4")
#define INCEPT_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#else
#define INCEPT_UNROLL _Pragma("GCC unroll 64")
#define INCEPT_NO_UNROLL _Pragma("GCC unroll 1")
#define INCEPT_UNROLL_4 _Pragma("GCC unroll 4")
#define INCEPT_INDEPENDENT _Pragma("GCC ivdep")
#endif
// Keeps a loaded register one: g++ folds loads into several multiply-adds, and waits for each of
// them.
#if defined(__x86_64__) || defined(__i386__)
#define INCEPT_IN_REGISTER(v) asm("" : "+v"(v))
#elif defined(__aarch64__)
#define INCEPT_IN_REGISTER(v) asm("" : "+w"(v))
#else
#define INCEPT_IN_REGISTER(v) (void)(v)
#endif
// Sanitizers do not see what instructions with masks do.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define INCEPT_WATCHED
#endif
#define INCEPT_ALWAYS_INLINE __attribute__((always_inline))  // Of a lambda, after its arguments.
#define INCEPT_INLINE inline INCEPT_ALWAYS_INLINE
#define INCEPT_NO_INLINE __attribute__((noinline))

namespace incept::cpu {

// A block of 16 channels is so many registers.
template <class Isa>
constexpr int kParts = kBlock / Isa::kLanes;

// A register of numbers that kernels compute with.
template <class Number, class Isa>
struct Register {
  static_assert(compiled_for<Isa>, "compile this file for the instruction set of its kernels");
  static_assert(sizeof(Number) == 4, "lanes are counted in numbers of 32 bits");

  typedef Number Vec __attribute__((vector_size(4 * Isa::kLanes)));
  typedef int Bits __attribute__((vector_size(4 * Isa::kLanes)));
  typedef Number Unaligned __attribute__((vector_size(4 * Isa::kLanes), aligned(4), may_alias));

  static INCEPT_INLINE Vec at(const Number* from) {
    return *reinterpret_cast<const Unaligned*>(from);
  }
  static INCEPT_INLINE void put(Number* to, Vec v) { *reinterpret_cast<Unaligned*>(to) = v; }

  // Lanes [first, last) alone, to their places from `to` on: the others may be another thread's.
  static INCEPT_INLINE void put_lanes(Number* to, Vec v, int first, int last) {
#if defined(__AVX512F__) && !defined(INCEPT_WATCHED)
    const unsigned lanes = (1u << last) - (1u << first);
    __builtin_ia32_storeups512_mask(to, v, static_cast<unsigned short>(lanes));
#elif defined(__AVX2__) && !defined(INCEPT_WATCHED)
    const Bits lane = lanes(std::make_integer_sequence<int, Isa::kLanes>{});
    const Bits own = (lane >= first) & (lane < last);
    __builtin_ia32_maskstoreps256(reinterpret_cast<Vec*>(to), own, v);
#else
    INCEPT_UNROLL
    for (int i = 0; i < Isa::kLanes; ++i)
      if (i >= first && i < last) to[i] = v[i];
#endif
  }

  // x + 0 would turn -0 into 0; x - 0 is x for every x.
  static INCEPT_INLINE Vec all(Number x) { return x - Vec{}; }

  // In stretches of 2 * HALF lanes: the first halves of a's and b's side by side, or their second
  // ones.
  template <int HALF, bool SECOND>
  static INCEPT_INLINE Vec halves(Vec a, Vec b) {
    return halves<HALF, SECOND>(a, b, std::make_integer_sequence<int, Isa::kLanes>{});
  }

  template <class Function>
  static INCEPT_INLINE Vec each_lane(Vec v, Function&& function) {
    for (int i = 0; i < Isa::kLanes; ++i) v[i] = function(v[i]);
    return v;
  }

 private:
  template <int... LANE>
  static INCEPT_INLINE Bits lanes(std::integer_sequence<int, LANE...>) {
    return Bits{LANE...};
  }

  template <int HALF, bool SECOND, int... LANE>
  static INCEPT_INLINE Vec halves(Vec a, Vec b, std::integer_sequence<int, LANE...>) {
#if defined(__clang__)
    return __builtin_shufflevector(a, b, half_lane<HALF, SECOND>(LANE)...);
#else
    return __builtin_shuffle(a, b, Bits{half_lane<HALF, SECOND>(LANE)...});
#endif
  }

  // Those of b come after those of a.
  template <int HALF, bool SECOND>
  static constexpr int half_lane(int lane) {
    const int begin = lane / (2 * HALF) * 2 * HALF + (SECOND ? HALF : 0);
    return begin + lane % HALF + (lane % (2 * HALF) < HALF ? 0 : Isa::kLanes);
  }
};

}  // namespace incept::cpu
