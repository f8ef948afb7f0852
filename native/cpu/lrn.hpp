// Local response normalisation across channels (Krizhevsky et al. 2012, section 3.3), in one pass
// over a blocked image.
#pragma once

#include <algorithm>

#include "functions.hpp"
#include "numbers.hpp"
#include "team.hpp"

namespace incept::cpu {

// The squares of one pixel's channels side by side, with a margin of zeros.
template <const Lrn& S, class Numbers, class Isa>
struct LrnPixel {
  using Simd = cpu::Simd<Numbers, Isa>;
  using Vec = cpu::Vec<Numbers, Isa>;
  using Stored = cpu::Stored<Numbers>;
  using Sum = cpu::Sum<Numbers>;

  static constexpr int kChannels = blocks_of(S.channels) * kBlock;
  struct Row {
    static constexpr int kMargin = S.size / 2;
    Sum numbers[kChannels + 2 * kMargin] = {};

    INCEPT_INLINE void put(int c, Vec v) { Simd::put(numbers + kMargin + c, v); }

    // Lanes past the last channel hold any number.
    void end() { std::fill(numbers + kMargin + S.channels, numbers + kMargin + kChannels, Sum{}); }

    // Of the channels around c and those after it.
    INCEPT_INLINE Vec window(int c) const {
      Vec sum = Simd::at(numbers + c);
      INCEPT_UNROLL
      for (int i = 1; i < S.size; ++i) sum += Simd::at(numbers + c + i);
      return sum;
    }
  };
  Row squares;

  // Where channel c of a pixel lies.
  static constexpr std::ptrdiff_t at(int c) { return c / kBlock * S.plane() * kBlock + c % kBlock; }

  void read(const Stored* in) {
    for (int c = 0; c < kChannels; c += Isa::kLanes) {
      const Vec x = Simd::load(in + at(c));
      squares.put(c, x * x);
    }
    squares.end();
  }

  // k + alpha / size * sum of squares.
  INCEPT_INLINE Vec base(int c) const { return squares.window(c) * (S.alpha_ / S.size) + S.k_; }

  // base ^ -beta.
  static INCEPT_INLINE Vec factor(Vec base) {
    // Nearly all networks have it so.
    if constexpr (S.beta_ == 0.75f && S.alpha_ >= 0 && S.k_ > 1e-30f)
      return Functions<Isa>::inverse_three_quarters(base);
    else
      return Functions<Isa>::power(base, -S.beta_);
  }

  void write(const Stored* in, Stored* out) const {
    for (int c = 0; c < kChannels; c += Isa::kLanes)
      Simd::store(out + at(c), Simd::load(in + at(c)) * factor(base(c)));
  }
};

// Squares are slow to read at another offset right after writing: several pixels take turns.
template <const Lrn& S>
constexpr int lrn_batch = S.channels <= 1024 ? 8 : 1;

template <const Lrn& S, class Numbers = F32, class Isa = Native>
void lrn(Member& t, const Stored<Numbers>* in, Stored<Numbers>* out) {
  constexpr int batch = lrn_batch<S>;
  LrnPixel<S, Numbers, Isa> pixels[batch];
  for (auto [p, end] : t.stretches(S.plane(), enough(blocks_of(S.channels) * (S.size + 16))))
    while (p < end) {
      const int count = static_cast<int>(std::min<std::ptrdiff_t>(batch, end - p));
      for (int i = 0; i < count; ++i) pixels[i].read(in + (p + i) * kBlock);
      for (int i = 0; i < count; ++i)
        pixels[i].write(in + (p + i) * kBlock, out + (p + i) * kBlock);
      p += count;
    }
}

}  // namespace incept::cpu
