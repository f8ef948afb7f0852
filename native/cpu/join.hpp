// Joins of several values element by element. The result may be written over any operand that is
// not spread.
#pragma once

#include <algorithm>
#include <utility>

#include "activated.hpp"
#include "numbers.hpp"
#include "team.hpp"

namespace incept::cpu {

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
  template <class V>
  static INCEPT_INLINE V of(V x, int) {
    return x;
  }
  // A NaN on either side is the result.
  template <class V>
  static INCEPT_INLINE V join(V a, V b) {
    return ((a > b) | (a != a)) ? a : b;
  }
};

template <class Fold, class V, class... Vs>
INCEPT_INLINE V folded(V first, Vs... others) {
  int k = 0;
  V so_far = Fold::of(first, k);
  ((so_far = Fold::join(so_far, Fold::of(others, ++k))), ...);
  return so_far;
}

// An operand over one block of channels: at every pixel its own, or read once and spread.
template <bool Spread, class Numbers, class Isa>
struct BlockOf {
  const Stored<Numbers>* in;
  INCEPT_INLINE BlockOf(const Stored<Numbers>* operand, std::ptrdiff_t) : in(operand) {}
  INCEPT_INLINE Vec<Numbers, Isa> at(std::ptrdiff_t item, int part) const {
    return Simd<Numbers, Isa>::load(in + item * kBlock + part * Isa::kLanes);
  }
};

template <class Numbers, class Isa>
struct BlockOf<true, Numbers, Isa> {
  Vec<Numbers, Isa> held[kParts<Isa>];
  INCEPT_INLINE BlockOf(const Stored<Numbers>* operand, std::ptrdiff_t block) {
    INCEPT_UNROLL
    for (int part = 0; part < kParts<Isa>; ++part)
      held[part] = Simd<Numbers, Isa>::load(operand + block * kBlock + part * Isa::kLanes);
  }
  INCEPT_INLINE Vec<Numbers, Isa> at(std::ptrdiff_t, int part) const { return held[part]; }
};

// Pixels `item` to `last` of one block.
template <const auto& S, class Fold, class Numbers, class Isa, class... Blocks>
INCEPT_INLINE void join_pixels(std::ptrdiff_t item, std::ptrdiff_t last, Stored<Numbers>* out,
                               const Blocks&... operands) {
  for (; item < last; ++item) {
    INCEPT_UNROLL
    for (int part = 0; part < kParts<Isa>; ++part)
      Simd<Numbers, Isa>::store(
          out + item * kBlock + part * Isa::kLanes,
          activated<S, Numbers, Isa>(folded<Fold>(operands.at(item, part)...)));
  }
}

template <const auto& S, class Fold, class Numbers, class Isa, std::size_t... K, class... In>
void join_spread(Member& t, std::index_sequence<K...>, Stored<Numbers>* out, const In*... in) {
  static_assert(S.blocked, "a vector has no plane to be spread over");
  constexpr std::ptrdiff_t plane = S.plane();
  for (auto [item, end] : t.stretches(blocks_of(S.channels) * plane, enough(S.operand_count)))
    while (item < end) {
      const std::ptrdiff_t block = item / plane, last = std::min(end, (block + 1) * plane);
      join_pixels<S, Fold, Numbers, Isa>(item, last, out,
                                         BlockOf<S.spreads[K], Numbers, Isa>(in, block)...);
      item = last;
    }
}

// Operands of one shape, by whole registers, so that a number goes the same way whoever computes
// it.
template <const auto& S, class Fold, class Numbers, class Isa, class... In>
void join_alike(Member& t, Stored<Numbers>* out, const In*... in) {
  using Simd = cpu::Simd<Numbers, Isa>;
  constexpr int lanes = Isa::kLanes;
  constexpr std::ptrdiff_t count = extent(S), whole = count / lanes;
  const auto rest = [](const Stored<Numbers>* from) {
    Stored<Numbers> last[Isa::kLanes] = {};
    std::copy(from, from + extent(S) % Isa::kLanes, last);
    return Simd::load(last);
  };
  for (auto [i, end] : t.stretches(whole + (count % lanes > 0), enough(S.operand_count))) {
    for (; i < std::min(end, whole); ++i)
      Simd::store(out + i * lanes,
                  activated<S, Numbers, Isa>(folded<Fold>(Simd::load(in + i * lanes)...)));
    if (i == end) continue;
    Stored<Numbers> last[lanes];
    Simd::store(last, activated<S, Numbers, Isa>(folded<Fold>(rest(in + i * lanes)...)));
    std::copy(last, last + count % lanes, out + i * lanes);
  }
}

template <const auto& S, class Fold, class Numbers, class Isa, class... In>
void join(Member& t, Stored<Numbers>* out, const In*... in) {
  static_assert(compiled_for<Isa>);
  static_assert(sizeof...(in) == S.operand_count, "as many operands as the layer says");
  if constexpr (S.any_spread)
    join_spread<S, Fold, Numbers, Isa>(t, std::index_sequence_for<In...>{}, out, in...);
  else
    join_alike<S, Fold, Numbers, Isa>(t, out, in...);
}

// The sum of scale[k] * in[k].
template <const Add& S, class Numbers = F32, class Isa = Native, class... In>
void add(Member& t, Stored<Numbers>* out, const In*... in) {
  join<S, JoinSum<S>, Numbers, Isa>(t, out, in...);
}

template <const Mul& S, class Numbers = F32, class Isa = Native, class... In>
void mul(Member& t, Stored<Numbers>* out, const In*... in) {
  join<S, JoinProduct, Numbers, Isa>(t, out, in...);
}

template <const Max& S, class Numbers = F32, class Isa = Native, class... In>
void maximum(Member& t, Stored<Numbers>* out, const In*... in) {
  join<S, JoinLargest, Numbers, Isa>(t, out, in...);
}

}  // namespace incept::cpu
