// Convolutions by the library, with what it may refuse taken off its hands: strided places become
// dense temporaries in the workspace, and bias and activation a kernel of ours.
#pragma once

#include "walk.hpp"

namespace incept::cuda {

// y = activation(conv(x, w) + bias) for every image; `y` may be several merged siblings side by
// side. Padding is even (emitted code pads otherwise before). P is f32, tf32, f16 or bf16.
template <class P>
void conv(Walk& g, const Conv& layer, const Value& x, Weights w, Weights bias, const Value& y);

extern template void conv<f32>(Walk&, const Conv&, const Value&, Weights, Weights, const Value&);
extern template void conv<tf32>(Walk&, const Conv&, const Value&, Weights, Weights, const Value&);
extern template void conv<f16>(Walk&, const Conv&, const Value&, Weights, Weights, const Value&);
extern template void conv<bf16>(Walk&, const Conv&, const Value&, Weights, Weights, const Value&);

}  // namespace incept::cuda
