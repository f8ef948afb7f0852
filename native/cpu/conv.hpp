// Convolutions: `conv<S, Algorithm>(t, ...)`. Each algorithm is a header below conv/; include that.
//
// An algorithm is a struct whose template arguments are its tuning. All sizes are of one image:
//   fits(s)            whether it computes the layer
//   Packed<Numbers>    what pack writes, and packed_weights(s) how many
//   packed_bias(s)     numbers that pack_bias writes
//   workspace(s)       bytes that it needs while it runs, a multiple of 64
//   pack(s, weight, packed)    host code: from [out][in / groups][kernel height][kernel width]
//   pack_bias(s, bias, packed) host code: from [out], or null for zeros
//   run<S, Numbers, Isa>(t, in, weights, bias, workspace, outs, added)
#pragma once

#include "conv/border.hpp"
#include "epilogue.hpp"
#include "numbers.hpp"
#include "team.hpp"

namespace incept::cpu {

// Weights and bias as Algorithm packed them; one blocked `out` a segment.
template <const Conv& S, class Algorithm, class Numbers = F32, class Isa = Native, class... Out>
void conv(Member& t, const ConvInput<S, Numbers>* in,
          const typename Algorithm::template Packed<Numbers>* weights, const Sum<Numbers>* bias,
          Sum<Numbers>* workspace, Out*... out) {
  static_assert(Algorithm::fits(S), "the algorithm does not compute this layer");
  static_assert(sizeof...(out) == S.segments, "one output a segment");
  static_assert(!S.adds, "conv_add is told what is added");
  Stored<Numbers>* const outs[] = {out...};
  Algorithm::template run<S, Numbers, Isa>(t, in, weights, bias, workspace, outs, {});
}

// The same for a layer that adds a value, which lies blocked as `out` does and is not overwritten.
template <const Conv& S, class Algorithm, class Numbers = F32, class Isa = Native>
void conv_add(Member& t, const ConvInput<S, Numbers>* in,
              const typename Algorithm::template Packed<Numbers>* weights, const Sum<Numbers>* bias,
              const Stored<Numbers>* added, Sum<Numbers>* workspace, Stored<Numbers>* out) {
  static_assert(Algorithm::fits(S), "the algorithm does not compute this layer");
  static_assert(S.adds && S.segments == 1, "a layer of one output that adds a value to it");
  Stored<Numbers>* const outs[] = {out};
  Algorithm::template run<S, Numbers, Isa>(t, in, weights, bias, workspace, outs, {added, out});
}

}  // namespace incept::cpu
