// Local response normalisation across channels (Krizhevsky et al. 2012, section 3.3), in one pass
// over a blocked image.
#pragma once

#include <algorithm>
#include <cmath>

#include "numbers.hpp"
#include "team.hpp"

namespace incept::cpu {

// One pixel's channels side by side, the squares with a margin of zeros: plain loops over them
// become vector code.
template <const Lrn& S, class Numbers, class Isa>
struct LrnPixel {
  static_assert(compiled_for<Isa>);
  using Stored = cpu::Stored<Numbers>;
  using Sum = cpu::Sum<Numbers>;

  static constexpr int kChannels = blocks_of(S.channels) * kBlock;
  static constexpr int kMargin = S.size / 2;
  Sum square[kChannels + 2 * kMargin] = {};
  Sum factor[kChannels];

  void read(const Stored* in) {
    Sum* to = square + kMargin;
    for (int c = 0; c < S.channels; c += kBlock, in += S.plane() * kBlock)
      for (int i = 0; i < std::min(kBlock, S.channels - c); ++i) {
        const Sum x = Numbers::read(in[i]);
        to[c + i] = x * x;
      }
  }

  // k + alpha / size * sum of squares.
  Sum base(int c) const {
    Sum sum = 0;
    for (int i = 0; i < S.size; ++i) sum += square[c + i];
    return S.k_ + S.alpha_ / S.size * sum;
  }

  // base ^ -beta.
  void solve() {
    for (int c = 0; c < kChannels; ++c) {
      if constexpr (S.beta_ == 0.75f)
        factor[c] = 1.0f / (std::sqrt(base(c)) * std::sqrt(std::sqrt(base(c))));
      else
        factor[c] = std::pow(base(c), -S.beta_);
    }
  }

  void write(const Stored* in, Stored* out) const {
    for (int b = 0; b < kChannels / kBlock;
         ++b, in += S.plane() * kBlock, out += S.plane() * kBlock)
      for (int i = 0; i < kBlock; ++i)
        out[i] = Numbers::write(Numbers::read(in[i]) * factor[b * kBlock + i]);
  }
};

// Squares are slow to read at another offset right after writing: several pixels take turns.
template <const Lrn& S>
constexpr int lrn_batch = S.channels <= 1024 ? 8 : 1;

template <const Lrn& S, class Numbers = F32, class Isa = Native>
void lrn(Member& t, const Stored<Numbers>* in, Stored<Numbers>* out) {
  constexpr int batch = lrn_batch<S>;
  LrnPixel<S, Numbers, Isa> pixels[batch];
  for (auto [p, end] : t.stretches(S.plane(), enough(blocks_of(S.channels) * (S.size + 8))))
    while (p < end) {
      const int count = static_cast<int>(std::min<std::ptrdiff_t>(batch, end - p));
      for (int i = 0; i < count; ++i) pixels[i].read(in + (p + i) * kBlock);
      for (int i = 0; i < count; ++i) pixels[i].solve();
      for (int i = 0; i < count; ++i)
        pixels[i].write(in + (p + i) * kBlock, out + (p + i) * kBlock);
      p += count;
    }
}

}  // namespace incept::cpu
