// Dropout as it trains (Srivastava et al. 2014).
#pragma once

#include "../../../layers/training.hpp"
#include "../../batch.hpp"
#include "../../philox.hpp"
#include "../../shape.hpp"
#include "../../team.hpp"

namespace incept::cpu::reference {

// x / (1 - p), or 0. `random` is the seed of the training and the number of the batch. Element i of
// the batch, N,C,H,W in that order, is dropped where word i mod 4 of Philox (i div 4, stream,
// batch, 0; seed, 0) is below p * 2^32.
inline void dropout_training(const Member& t, const Dropout& s, Batch<const float> x,
                             const std::int32_t* random, Batch<float> y) {
  const std::ptrdiff_t count = s.channels * s.plane();
  const double limit = s.p * 4294967296.0;
  for (auto [i, end] = share(t, count * x.images); i < end; ++i) {
    const Philox counter = {
        {std::uint32_t(i / 4), std::uint32_t(s.number), std::uint32_t(random[1]), 0}};
    const bool dropped = philox(counter, std::uint32_t(random[0]), 0).word[i % 4] < limit;
    const int image = static_cast<int>(i / count);
    y(image)[i % count] = dropped ? 0.0f : static_cast<float>(x(image)[i % count] / (1.0 - s.p));
  }
}

}  // namespace incept::cpu::reference
