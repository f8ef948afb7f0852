// Softmax across channels, pixel by pixel.
#pragma once

#include <cmath>

#include "shape.hpp"
#include "team.hpp"

namespace incept {

// The greatest input is subtracted first, so that nothing overflows. May run in place.
template <const Softmax& S>
void softmax(const Member& t, const float* in, float* out) {
  const auto at = [](int c) {
    return S.blocked ? c / kBlock * S.plane() * kBlock + c % kBlock : c;
  };
  for (auto [p, end] = share(t, S.plane()); p < end; ++p) {
    const float* x = in + p * kBlock;
    float* y = out + p * kBlock;
    float greatest = x[0];
    for (int c = 1; c < S.channels; ++c) greatest = x[at(c)] > greatest ? x[at(c)] : greatest;
    double sum = 0;
    for (int c = 0; c < S.channels; ++c) sum += y[at(c)] = std::exp(x[at(c)] - greatest);
    for (int c = 0; c < S.channels; ++c) y[at(c)] = static_cast<float>(y[at(c)] / sum);
  }
}

}  // namespace incept
