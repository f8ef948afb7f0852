// Softmax across channels, pixel by pixel.
#pragma once

#include <cmath>

#include "../shape.hpp"
#include "../team.hpp"

namespace incept::cpu::reference {

// The greatest input is subtracted first, so that nothing overflows. May run in place.
inline void softmax(const Member& t, const Softmax& s, const float* in, float* out) {
  const std::ptrdiff_t plane = s.plane();
  for (auto [p, end] = share(t, plane); p < end; ++p) {
    float greatest = in[p];
    for (int c = 1; c < s.channels; ++c)
      if (in[c * plane + p] > greatest) greatest = in[c * plane + p];
    double sum = 0;
    for (int c = 0; c < s.channels; ++c) sum += std::exp(double(in[c * plane + p]) - greatest);
    for (int c = 0; c < s.channels; ++c)
      out[c * plane + p] = static_cast<float>(std::exp(double(in[c * plane + p]) - greatest) / sum);
  }
}

}  // namespace incept::cpu::reference
