// What a convolution does to its sums beside adding products to them: the one place for all
// algorithms.
#pragma once

#include "activated.hpp"
#include "numbers.hpp"

namespace incept::cpu {

// A sum starts from the bias of its channel and goes through the layer's activation to memory, a
// register of channels at a time.
template <const Conv& S, class Numbers, class Isa>
struct Epilogue {
  using Simd = cpu::Simd<Numbers, Isa>;
  using Vec = cpu::Vec<Numbers, Isa>;
  using Stored = cpu::Stored<Numbers>;
  using Sum = cpu::Sum<Numbers>;

  static INCEPT_INLINE Vec start(const Sum* bias) { return Simd::at(bias); }

  static INCEPT_INLINE void finish(Vec sum, Stored* out) {
    Simd::store(out, activated<S, Numbers, Isa>(sum));
  }
};

}  // namespace incept::cpu
