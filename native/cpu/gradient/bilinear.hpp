// The derivative of a bilinear interpolation on blocked images. A row of the image is one member's,
// which adds up what the rows of the larger image that it is mixed into give back.
#pragma once

#include <algorithm>

#include "../bilinear.hpp"

namespace incept::cpu {

// What one row of dy gives a row of dx, of one block of channels. It is walked from the middle of
// one pixel to the next, the sums of both in registers.
template <const Bilinear& S, class Numbers, class Isa>
struct BilinearGiven {
  using Simd = cpu::Simd<Numbers, Isa>;
  using Vec = typename Simd::Vec;

  Sum<Numbers> weight;  // Of the row.
  const Stored<Numbers>* dy;
  Stored<Numbers>* dx;  // Where the sums go on from what is there.

  void run() const {
    for (int part = 0; part < kBlock; part += Isa::kLanes) run(part);
  }

 private:
  void run(int part) const {
    const Stored<Numbers>* from = dy + part;
    Stored<Numbers>* to = dx + part;
    const auto next = [&]() INCEPT_ALWAYS_INLINE {
      const Vec v = Simd::load(from) * weight;
      from += kBlock;
      return v;
    };
    Vec left = Simd::load(to);
    for (int i = 0; i < kBeforeMiddles<S>; ++i) left += next();
    for (int c = 1; c < S.in_width; ++c, to += kBlock) {
      Vec right = Simd::load(to + kBlock);
      INCEPT_UNROLL
      for (int step = 0; step < S.factor_width; ++step) {
        const Sum<Numbers> share = Bilinear::share<Isa>(step, S.factor_width);
        const Vec given = next();
        left += share == 0 ? given : given * (1 - share);
        right += share == 0 ? Vec{} : given * share;
      }
      Simd::store(to, left);
      left = right;
    }
    for (int i = 0; i < kBehindMiddles<S>; ++i) left += next();
    Simd::store(to, left);
  }
};

template <const Bilinear& S, class Numbers = F32, class Isa = Native>
void bilinear_gradient(const Member& t, const Stored<Numbers>* dy, Stored<Numbers>* dx) {
  constexpr int factor = S.factor_height, half = factor / 2;
  constexpr std::ptrdiff_t pitch = std::ptrdiff_t(S.out_width()) * kBlock;
  constexpr std::ptrdiff_t width = std::ptrdiff_t(S.in_width) * kBlock;
  for (auto [item, end] = share(t, std::ptrdiff_t(blocks_of(S.channels)) * S.in_height); item < end;
       ++item) {
    const int row = static_cast<int>(item % S.in_height);
    const Stored<Numbers>* plane = dy + item / S.in_height * S.out_height() * pitch;
    Stored<Numbers>* const to = dx + item * width;
    std::fill(to, to + width, Stored<Numbers>{});
    // From the middle of the row above to that of the one below.
    const int first = std::max((row - 1) * factor + half, 0);
    const int last = row + 1 == S.in_height ? S.out_height() : (row + 1) * factor + half;
    for (int y = first; y < last; ++y) {
      const Between rows = Bilinear::between<Isa>(y, factor, S.in_height);
      const Sum<Numbers> weight = (rows.before == row ? rows.share_before : 0) +
                                  (rows.behind == row ? rows.share_behind : 0);
      // A row in the middle of the one above gives this one nothing.
      if (weight > 0) BilinearGiven<S, Numbers, Isa>{weight, plane + y * pitch, to}.run();
    }
  }
}

}  // namespace incept::cpu
