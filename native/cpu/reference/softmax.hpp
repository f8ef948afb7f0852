// Softmax over channels, height or width, and its logarithm.
#pragma once

#include <cmath>

#include "../shape.hpp"
#include "../team.hpp"

namespace incept::cpu::reference {

// The greatest input is subtracted first, so that nothing overflows. May run in place.
inline void softmax(const Member& t, const Softmax& s, const float* in, float* out) {
  for (auto [line, end] = share(t, s.channels * s.plane() / s.count()); line < end; ++line) {
    const float* x = in + s.start(line);
    float* y = out + s.start(line);
    float greatest = x[0];
    for (int k = 1; k < s.count(); ++k)
      if (x[k * s.step()] > greatest) greatest = x[k * s.step()];
    double sum = 0;
    for (int k = 0; k < s.count(); ++k) sum += std::exp(double(x[k * s.step()]) - greatest);
    for (int k = 0; k < s.count(); ++k) {
      const double own = double(x[k * s.step()]) - greatest;
      y[k * s.step()] = static_cast<float>(s.logs ? own - std::log(sum) : std::exp(own) / sum);
    }
  }
}

}  // namespace incept::cpu::reference
