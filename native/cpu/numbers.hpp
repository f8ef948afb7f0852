// Number types as types, a template argument of every fast kernel: how activations and weights lie
// in memory, and what is computed with.
#pragma once

#include "simd.hpp"

namespace incept::cpu {

struct F32 {
  using Stored = float;  // An activation or a weight.
  using Sum = float;     // What products are summed in; a bias is where a sum starts.

  static constexpr Sum read(Stored x) { return x; }
  static constexpr Stored write(Sum x) { return x; }

  template <class Isa>
  struct Simd : Register<Sum, Isa> {
    using typename Register<Sum, Isa>::Vec;
    static INCEPT_INLINE Vec load(const Stored* from) { return Register<Sum, Isa>::at(from); }
    static INCEPT_INLINE void store(Stored* to, Vec v) { Register<Sum, Isa>::put(to, v); }
  };
};

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
