// Convolutions: `conv<S, Algorithm>(t, ...)`. Each algorithm is a header below conv/; include that.
//
// An algorithm is a struct whose template arguments are its tuning. All sizes are of one image:
//   fits(s)            whether it computes the layer
//   packed_weights(s)  numbers that pack writes
//   packed_bias(s)     numbers that pack_bias writes
//   workspace(s)       bytes that it needs while it runs, a multiple of 64
//   pack(s, weight, packed)    host code: from [out][in / groups][kernel height][kernel width]
//   pack_bias(s, bias, packed) host code: from [out], or null for zeros
//   run<S, Numbers, Isa>(t, in, weights, bias, workspace, outs)
#pragma once

#include "numbers.hpp"
#include "team.hpp"

namespace incept::cpu {

// Weights and bias as Algorithm packed them; one blocked `out` a segment.
template <const Conv& S, class Algorithm, class Numbers = F32, class Isa = Native, class... Out>
void conv(Member& t, const Stored<Numbers>* in, const Stored<Numbers>* weights,
          const Sum<Numbers>* bias, Stored<Numbers>* workspace, Out*... out) {
  static_assert(Algorithm::fits(S), "the algorithm does not compute this layer");
  static_assert(sizeof...(out) == S.segments, "one output a segment");
  Stored<Numbers>* const outs[] = {out...};
  Algorithm::template run<S, Numbers, Isa>(t, in, weights, bias, workspace, outs);
}

}  // namespace incept::cpu
