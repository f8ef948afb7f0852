// Joins of several values element by element. The result may be written over any operand that is
// not spread.
#pragma once

#include <algorithm>
#include <utility>

#include "shape.hpp"
#include "simd.hpp"
#include "team.hpp"

namespace incept {

// How elements of all operands become one: `of` the k-th operand's, `join`ed one after another.
template <const Add& S>
struct JoinSum {
  template <class V>
  static INCEPT_INLINE V of(V x, int k) {
    return x * S.scale[k];
  }
  template <class V>
  static INCEPT_INLINE V join(V a, V b) {
    return a + b;
  }
};

struct JoinProduct {
  template <class V>
  static INCEPT_INLINE V of(V x, int) {
    return x;
  }
  template <class V>
  static INCEPT_INLINE V join(V a, V b) {
    return a * b;
  }
};

struct JoinLargest {
  static INCEPT_INLINE float of(float x, int) { return x; }
  // A NaN on either side is the result.
  static INCEPT_INLINE float join(float a, float b) { return (a > b) | (a != a) ? a : b; }
};

template <class Fold, class V, class... Vs>
INCEPT_INLINE V folded(V first, Vs... others) {
  int k = 0;
  V so_far = Fold::of(first, k);
  ((so_far = Fold::join(so_far, Fold::of(others, ++k))), ...);
  return so_far;
}

// An operand over one block of channels: at every pixel its own, or read once and spread.
template <bool Spread>
struct BlockOf {
  const float* in;
  INCEPT_INLINE BlockOf(const float* operand, std::ptrdiff_t) : in(operand) {}
  INCEPT_INLINE Vec at(std::ptrdiff_t item, int part) const {
    return load(in + item * kBlock + part * kLanes);
  }
};

template <>
struct BlockOf<true> {
  Vec held[kParts];
  INCEPT_INLINE BlockOf(const float* operand, std::ptrdiff_t block) {
    INCEPT_UNROLL
    for (int part = 0; part < kParts; ++part)
      held[part] = load(operand + block * kBlock + part * kLanes);
  }
  INCEPT_INLINE Vec at(std::ptrdiff_t, int part) const { return held[part]; }
};

// Pixels `item` to `last` of one block.
template <class Fold, class... Blocks>
INCEPT_INLINE void join_pixels(std::ptrdiff_t item, std::ptrdiff_t last, float* out,
                               const Blocks&... operands) {
  for (; item < last; ++item) {
    INCEPT_UNROLL
    for (int part = 0; part < kParts; ++part)
      store(out + item * kBlock + part * kLanes, folded<Fold>(operands.at(item, part)...));
  }
}

template <const auto& S, class Fold, std::size_t... K, class... In>
void join_spread(const Member& t, std::index_sequence<K...>, float* out, const In*... in) {
  static_assert(S.blocked, "a vector has no plane to be spread over");
  constexpr std::ptrdiff_t plane = S.plane();
  for (auto [item, end] = share(t, blocks_of(S.channels) * plane); item < end;) {
    const std::ptrdiff_t block = item / plane, last = std::min(end, (block + 1) * plane);
    join_pixels<Fold>(item, last, out, BlockOf<S.spreads[K]>(in, block)...);
    item = last;
  }
}

template <const auto& S, class Fold, class... In>
void join(const Member& t, float* out, const In*... in) {
  static_assert(sizeof...(in) == S.operand_count, "as many operands as the layer says");
  if constexpr (S.any_spread)
    join_spread<S, Fold>(t, std::index_sequence_for<In...>{}, out, in...);
  else
    for (auto [i, end] = share(t, extent(S)); i < end; ++i) out[i] = folded<Fold>(in[i]...);
}

// The sum of scale[k] * in[k].
template <const Add& S, class... In>
void add(const Member& t, float* out, const In*... in) {
  join<S, JoinSum<S>>(t, out, in...);
}

template <const Mul& S, class... In>
void mul(const Member& t, float* out, const In*... in) {
  join<S, JoinProduct>(t, out, in...);
}

template <const Max& S, class... In>
void maximum(const Member& t, float* out, const In*... in) {
  join<S, JoinLargest>(t, out, in...);
}

}  // namespace incept
