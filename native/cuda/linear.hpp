// Linear layers by the library's matrix product.
#pragma once

#include "walk.hpp"

namespace incept::cuda {

// y = W x + bias for every image. An image is one row in the order H,W,C, which its weights are
// packed for: its pixels must follow one another. P is f32, tf32, f16 or bf16.
template <class P>
void linear(Walk& g, const Linear& layer, const Value& x, Weights w, Weights bias, const Value& y);

extern template void linear<f32>(Walk&, const Linear&, const Value&, Weights, Weights,
                                 const Value&);
extern template void linear<tf32>(Walk&, const Linear&, const Value&, Weights, Weights,
                                  const Value&);
extern template void linear<f16>(Walk&, const Linear&, const Value&, Weights, Weights,
                                 const Value&);
extern template void linear<bf16>(Walk&, const Linear&, const Value&, Weights, Weights,
                                  const Value&);

}  // namespace incept::cuda
