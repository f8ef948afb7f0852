// The derivative of softmax over channels, height or width, and of its logarithm.
#pragma once

#include <cmath>

#include "../../shape.hpp"
#include "../../team.hpp"

namespace incept::cpu::reference {

// dx = y * (dy - sum (y * dy)); of logarithms dx = dy - exp(y) * sum dy.
inline void softmax_gradient(const Member& t, const Softmax& s, const float* y, const float* dy,
                             float* dx) {
  for (auto [line, end] = share(t, s.channels * s.plane() / s.count()); line < end; ++line) {
    const auto at = [&, line = line](int k) { return s.start(line) + k * s.step(); };
    double sum = 0;
    for (int k = 0; k < s.count(); ++k) sum += (s.logs ? 1.0 : double(y[at(k)])) * dy[at(k)];
    for (int k = 0; k < s.count(); ++k) {
      const double by =
          s.logs ? dy[at(k)] - std::exp(double(y[at(k)])) * sum : y[at(k)] * (dy[at(k)] - sum);
      dx[at(k)] = static_cast<float>(by);
    }
  }
}

}  // namespace incept::cpu::reference
