// The derivative of a convolution by its input: `conv_input_gradient<S, Algorithm>(t, ...)`, S
// being the convolution.
#pragma once

#include "../conv_transpose.hpp"

namespace incept::cpu {

// Weights as Algorithm packed them; dy and dx in blocks.
template <const Conv& S, class Algorithm, class Numbers = F32, class Isa = Native>
void conv_input_gradient(Member& t, const Stored<Numbers>* dy, const Stored<Numbers>* weights,
                         Stored<Numbers>* dx) {
  static_assert(Algorithm::fits(S), "the algorithm does not compute this layer");
  Algorithm::template run<S, Numbers, Isa>(t, dy, weights, nullptr, dx);
}

}  // namespace incept::cpu
