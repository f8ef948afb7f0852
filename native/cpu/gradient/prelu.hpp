// The derivatives of a rectifier with learned slopes, on blocked images. The result may be written
// over either operand.
#pragma once

#include "sum.hpp"

namespace incept::cpu {

// dx = dy where x > 0, else slope * dy; by each slope the sum of dy * x where x <= 0. All that one
// slope is of is one member's.
template <const PRelu& S, class Numbers = F32, class Isa = Native>
void prelu_gradient(Member& t, Batch<const Stored<Numbers>> x, Batch<const Stored<Numbers>> dy,
                    const Sum<Numbers>* slope, Batch<Stored<Numbers>> dx, Sum<Numbers>* dslope) {
  static_assert(S.blocked);
  using Simd = cpu::Simd<Numbers, Isa>;
  using Vec = cpu::Vec<Numbers, Isa>;
  using Sums = StretchSums<1, Numbers, Isa>;
  constexpr int blocks = blocks_of(S.channels), together = S.one_slope ? blocks : 1;
  for (auto [group, end] = share_in_turn(t, blocks / together); group < end; ++group) {
    double total = 0;
    for (std::ptrdiff_t b = group * together; b < (group + 1) * together; ++b) {
      Lanes<Sum<Numbers>> slopes;
      Lanes<double> totals;
      for (int i = 0; i < lanes_of(S.channels, b); ++i)
        slopes.lane[i] = slope[S.one_slope ? 0 : b * kBlock + i];
      const Held<Numbers, Isa> by(slopes);
      each_image_stretch<S>(b, x.images, [&](int image, std::ptrdiff_t at, std::ptrdiff_t pixels) {
        const Sums sums(pixels, [&](std::ptrdiff_t i, int) INCEPT_ALWAYS_INLINE {
          const Vec value = Simd::load(x(image) + at + i), d = Simd::load(dy(image) + at + i);
          return typename Sums::Terms{{value > Vec{} ? Vec{} : d * value}};
        });
        for (int i = 0; i < kBlock; ++i) totals.lane[i] += sums.kind[0].lane[i];
        each_register<Isa>(at, pixels, [&](std::ptrdiff_t i, int part) INCEPT_ALWAYS_INLINE {
          const Vec value = Simd::load(x(image) + i), d = Simd::load(dy(image) + i);
          Simd::store(dx(image) + i, value > Vec{} ? d : d * by.part[part]);
        });
      });
      for (int i = 0; i < lanes_of(S.channels, b); ++i) {
        total += totals.lane[i];
        if (!S.one_slope) dslope[b * kBlock + i] = static_cast<Sum<Numbers>>(totals.lane[i]);
      }
    }
    if (S.one_slope) dslope[0] = static_cast<Sum<Numbers>>(total);
  }
}

}  // namespace incept::cpu
