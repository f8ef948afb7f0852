// Bilinear interpolation of blocked images by whole factors: a row is walked from the middle of one
// pixel to the next, and what lies between is mixed of the two.
#pragma once

#include "numbers.hpp"
#include "team.hpp"

namespace incept::cpu {

// The columns of a row of the larger image before the first middle, and behind the last.
template <const Bilinear& S>
constexpr int kBeforeMiddles = S.factor_width / 2;
template <const Bilinear& S>
constexpr int kBehindMiddles = S.factor_width - kBeforeMiddles<S>;

// One row of the result, of one block of channels.
template <const Bilinear& S, class Numbers, class Isa>
struct BilinearRow {
  using Simd = cpu::Simd<Numbers, Isa>;
  using Vec = typename Simd::Vec;

  Between rows;
  const Stored<Numbers>*above, *below;
  Stored<Numbers>* out;

  void run() const {
    for (int part = 0; part < kBlock; part += Isa::kLanes) run(part);
  }

 private:
  void run(int part) const {
    Stored<Numbers>* to = out + part;
    const auto put = [&](Vec v) INCEPT_ALWAYS_INLINE {
      Simd::store(to, v);
      to += kBlock;
    };
    Vec left = column(0, part);
    for (int i = 0; i < kBeforeMiddles<S>; ++i) put(left);
    for (int c = 1; c < S.in_width; ++c) {
      const Vec right = column(c, part);
      INCEPT_UNROLL
      for (int step = 0; step < S.factor_width; ++step) {
        const Sum<Numbers> share = Bilinear::share<Isa>(step, S.factor_width);
        put(share == 0 ? left : left * (1 - share) + right * share);
      }
      left = right;
    }
    for (int i = 0; i < kBehindMiddles<S>; ++i) put(left);
  }

  // A column of the image, mixed of both rows.
  INCEPT_INLINE Vec column(int c, int part) const {
    const std::ptrdiff_t at = std::ptrdiff_t(c) * kBlock + part;
    return Simd::load(above + at) * rows.share_before + Simd::load(below + at) * rows.share_behind;
  }
};

template <const Bilinear& S, class Numbers = F32, class Isa = Native>
void bilinear(Member& t, const Stored<Numbers>* in, Stored<Numbers>* out) {
  constexpr int height = S.out_height();
  constexpr std::ptrdiff_t row = std::ptrdiff_t(S.in_width) * kBlock;
  for (auto [item, end] :
       t.stretches(std::ptrdiff_t(blocks_of(S.channels)) * height, enough(4 * S.out_width())))
    for (; item < end; ++item) {
      const Between rows =
          Bilinear::between<Isa>(static_cast<int>(item % height), S.factor_height, S.in_height);
      const Stored<Numbers>* plane = in + item / height * S.in_height * row;
      BilinearRow<S, Numbers, Isa>{rows, plane + rows.before * row, plane + rows.behind * row,
                                   out + item * S.out_width() * kBlock}
          .run();
    }
}

}  // namespace incept::cpu
