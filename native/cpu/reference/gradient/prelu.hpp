// The derivatives of a rectifier with learned slopes.
#pragma once

#include "sum.hpp"

namespace incept::cpu::reference {

// dx = dy where x > 0, else slope * dy; by each slope the sum of dy * x where x <= 0. All that one
// slope is of is one member's.
inline void prelu_gradient(const Member& t, const PRelu& s, Batch<const float> x,
                           Batch<const float> dy, const float* slope, Batch<float> dx,
                           float* dslope) {
  const int together = s.one_slope ? s.channels : 1;
  for (auto [k, end] = share(t, s.slopes()); k < end; ++k) {
    double sum = 0;
    for (std::ptrdiff_t c = k * together; c < (k + 1) * together; ++c) {
      sum += channel_sum(s, x.images, c, [&](int image, std::ptrdiff_t at) {
        return x(image)[at] > 0 ? 0.0 : double(dy(image)[at]) * x(image)[at];
      });
      for (int image = 0; image < x.images; ++image)
        for (std::ptrdiff_t at = c * s.plane(); at < (c + 1) * s.plane(); ++at)
          dx(image)[at] = x(image)[at] > 0 ? dy(image)[at] : slope[k] * dy(image)[at];
    }
    dslope[k] = static_cast<float>(sum);
  }
}

}  // namespace incept::cpu::reference
