// The derivative of softmax across channels, pixel by pixel.
#pragma once

#include "../../shape.hpp"
#include "../../team.hpp"

namespace incept::cpu::reference {

// dx = y * (dy - sum (y * dy)).
inline void softmax_gradient(const Member& t, const Softmax& s, const float* y, const float* dy,
                             float* dx) {
  const std::ptrdiff_t plane = s.plane();
  for (auto [p, end] = share(t, plane); p < end; ++p) {
    double sum = 0;
    for (int c = 0; c < s.channels; ++c) sum += double(y[c * plane + p]) * dy[c * plane + p];
    for (int c = 0; c < s.channels; ++c)
      dx[c * plane + p] = static_cast<float>(y[c * plane + p] * (dy[c * plane + p] - sum));
  }
}

}  // namespace incept::cpu::reference
