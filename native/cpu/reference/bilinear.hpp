// Bilinear interpolation of planar images by whole factors.
#pragma once

#include "../shape.hpp"
#include "../team.hpp"

namespace incept::cpu::reference {

inline void bilinear(const Member& t, const Bilinear& s, const float* in, float* out) {
  const std::ptrdiff_t rows = std::ptrdiff_t(s.channels) * s.out_height();
  for (auto [item, end] = share(t, rows); item < end; ++item) {
    const float* plane = in + item / s.out_height() * s.in_height * s.in_width;
    const Between y =
        Bilinear::between(static_cast<int>(item % s.out_height()), s.factor_height, s.in_height);
    const float *above = plane + y.before * s.in_width, *below = plane + y.behind * s.in_width;
    for (int column = 0; column < s.out_width(); ++column) {
      const Between x = Bilinear::between(column, s.factor_width, s.in_width);
      const auto mixed = [&](const float* row) {
        return double(row[x.before]) * x.share_before + double(row[x.behind]) * x.share_behind;
      };
      out[item * s.out_width() + column] =
          static_cast<float>(mixed(above) * y.share_before + mixed(below) * y.share_behind);
    }
  }
}

}  // namespace incept::cpu::reference
