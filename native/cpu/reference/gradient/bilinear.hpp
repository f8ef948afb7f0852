// The derivative of a bilinear interpolation: each pixel of the image gets of those that it is
// mixed into what it gave them.
#pragma once

#include "../../shape.hpp"
#include "../../team.hpp"

namespace incept::cpu::reference {

// What place `from` of an axis gives place `at` of the larger one.
inline double share_of(int from, int at, int factor, int side) {
  const Between b = Bilinear::between(at, factor, side);
  return (b.before == from ? double(b.share_before) : 0) +
         (b.behind == from ? double(b.share_behind) : 0);
}

// Calls `visit(at, share)` for each place of the larger axis that `from` gives something.
template <class Visit>
void each_given(int from, int factor, int side, Visit&& visit) {
  for (int at = from == 0 ? 0 : (from - 1) * factor;
       at < (from + 1 == side ? from + 1 : from + 2) * factor; ++at)
    if (const double share = share_of(from, at, factor, side); share > 0) visit(at, share);
}

inline void bilinear_gradient(const Member& t, const Bilinear& s, const float* dy, float* dx) {
  const std::ptrdiff_t rows = std::ptrdiff_t(s.channels) * s.in_height;
  for (auto [item, end] = share(t, rows); item < end; ++item) {
    const float* plane = dy + item / s.in_height * s.out_height() * s.out_width();
    const int row = static_cast<int>(item % s.in_height);
    for (int column = 0; column < s.in_width; ++column) {
      double sum = 0;
      each_given(row, s.factor_height, s.in_height, [&](int y, double of_row) {
        each_given(column, s.factor_width, s.in_width, [&](int x, double of_column) {
          sum += plane[y * s.out_width() + x] * of_row * of_column;
        });
      });
      dx[item * s.in_width + column] = static_cast<float>(sum);
    }
  }
}

}  // namespace incept::cpu::reference
