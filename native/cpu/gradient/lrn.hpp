// The derivative of local response normalisation, in one pass over blocked images. The result may
// be written over either operand.
#pragma once

#include "../lrn.hpp"

namespace incept::cpu {

// One pixel's channels side by side: what each has in common with those in whose window it lies has
// a margin of zeros, as the squares have.
template <const Lrn& S, class Numbers, class Isa>
struct LrnGradientPixel : LrnPixel<S, Numbers, Isa> {
  using Pixel = LrnPixel<S, Numbers, Isa>;
  using Pixel::at;
  using Pixel::kChannels;
  using typename Pixel::Simd;
  using typename Pixel::Stored;
  using typename Pixel::Sum;
  using typename Pixel::Vec;
  typename Pixel::Row shared;
  Sum factors[kChannels];

  // dy * x * (k + alpha / size * sum of squares) ^ (-beta - 1).
  void meet(const Stored* x, const Stored* dy) {
    for (int c = 0; c < kChannels; c += Isa::kLanes) {
      const Vec base = this->base(c), factor = Pixel::factor(base);
      Simd::put(factors + c, factor);
      shared.put(c, Simd::load(dy + at(c)) * Simd::load(x + at(c)) * factor / base);
    }
    shared.end();
  }

  void write(const Stored* x, const Stored* dy, Stored* dx) const {
    constexpr Sum scale = 2 * S.alpha_ * S.beta_ / S.size;
    for (int c = 0; c < kChannels; c += Isa::kLanes)
      Simd::store(dx + at(c), Simd::load(dy + at(c)) * Simd::at(factors + c) -
                                  Simd::load(x + at(c)) * shared.window(c) * scale);
  }
};

// With s = k + alpha / size * sum x^2: dx = dy * s ^ -beta - 2 * alpha * beta / size * x *
// sum (dy * x * s ^ (-beta - 1)), the sum over the channels in whose window this one lies.
template <const Lrn& S, class Numbers = F32, class Isa = Native>
void lrn_gradient(const Member& t, const Stored<Numbers>* x, const Stored<Numbers>* dy,
                  Stored<Numbers>* dx) {
  constexpr int batch = lrn_batch<S>;
  LrnGradientPixel<S, Numbers, Isa> pixels[batch];
  for (auto [p, end] = share(t, S.plane()); p < end;) {
    const int count = static_cast<int>(std::min<std::ptrdiff_t>(batch, end - p));
    const auto each = [&](auto&& step) {
      for (int i = 0; i < count; ++i) step(pixels[i], (p + i) * kBlock);
    };
    each([&](auto& pixel, std::ptrdiff_t at) { pixel.read(x + at); });
    each([&](auto& pixel, std::ptrdiff_t at) { pixel.meet(x + at, dy + at); });
    each([&](auto& pixel, std::ptrdiff_t at) { pixel.write(x + at, dy + at, dx + at); });
    p += count;
  }
}

}  // namespace incept::cpu
