// What a convolution does to its sums beside adding products to them: the one place for all
// algorithms.
#pragma once

#include "activated.hpp"
#include "apart.hpp"
#include "numbers.hpp"

namespace incept::cpu {

// A value of the output's shape that lies as the output does: its numbers are added to the sums at
// their places.
template <class Numbers, bool Adds>
struct AddedValue {
  const Stored<Numbers>* values;
  const Stored<Numbers>* out;  // Where the output begins.

  INCEPT_INLINE const Stored<Numbers>* at(const Stored<Numbers>* place) const {
    return values + (place - out);
  }
};

template <class Numbers>
struct AddedValue<Numbers, false> {};

// Of a layer: nothing, where it adds none.
template <const Conv& S, class Numbers>
using Added = AddedValue<Numbers, S.adds>;

// A sum starts from the bias of its channel, takes what is added and goes through the layer's
// activation to memory, a register of channels at a time.
template <const Conv& S, class Numbers, class Isa>
struct Epilogue {
  using Simd = cpu::Simd<Numbers, Isa>;
  using Vec = cpu::Vec<Numbers, Isa>;
  using Stored = cpu::Stored<Numbers>;
  using Sum = cpu::Sum<Numbers>;

  static INCEPT_INLINE Vec start(const Sum* bias) { return Simd::at(bias); }

  // `out` is a pointer, or lanes of shared blocks.
  template <class Out>
  static INCEPT_INLINE void finish(Vec sum, Out out, Added<S, Numbers> added) {
    static_assert(!S.adds || !S.apart, "what is added lies as the output does");
    if constexpr (S.adds) sum += Simd::load(added.at(out));
    store(sum, out);
  }

  // One that has taken it already.
  template <class Out>
  static INCEPT_INLINE void store(Vec sum, Out out) {
    cpu::store<Numbers, Isa>(out, activated<S, Numbers, Isa>(sum));
  }
};

}  // namespace incept::cpu
