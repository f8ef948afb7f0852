// Batch normalisation by the statistics of a batch (Ioffe & Szegedy 2015, algorithm 1), and the
// derivatives of both its forms, on blocked images. A block of channels is one member's, in all
// images. The result may be written over any operand.
#pragma once

#include <cmath>

#include "../epilogue.hpp"
#include "sum.hpp"

namespace incept::cpu {

// Mean and variance of each channel of a block, stretch by stretch: of each the deviations from the
// mean of all before it, of the first from its own, and of all together what Chan, Golub & LeVeque
// 1983 make of them.
template <class Numbers, class Isa>
struct Moments {
  Lanes<double> mean, squares;  // Squares of deviations from the mean, added up.
  double count = 0;

  void add(const Stored<Numbers>* x, std::ptrdiff_t pixels) {
    using Simd = cpu::Simd<Numbers, Isa>;
    using Deviations = StretchSums<2, Numbers, Isa>;
    const double part = 1 / static_cast<double>(pixels), share = pixels / (count + pixels);
    const Lanes<Sum<Numbers>> middle = count == 0 ? mean_of(x, pixels) : mean_so_far();
    const Held<Numbers, Isa> held(middle);
    const Deviations off(pixels, [&](std::ptrdiff_t at, int r) INCEPT_ALWAYS_INLINE {
      const Vec<Numbers, Isa> d = Simd::load(x + at) - held.part[r];
      return typename Deviations::Terms{{d, d * d}};
    });
    for (int i = 0; i < kBlock; ++i) {
      const double rest = off.kind[0].lane[i];  // Of the middle, which was rounded.
      const double further = middle.lane[i] + rest * part - mean.lane[i];
      mean.lane[i] += further * share;
      squares.lane[i] +=
          off.kind[1].lane[i] - rest * rest * part + further * further * count * share;
    }
    count += pixels;
  }

 private:
  static Lanes<Sum<Numbers>> mean_of(const Stored<Numbers>* x, std::ptrdiff_t pixels) {
    using Plain = StretchSums<1, Numbers, Isa>;
    const Plain plain(pixels, [&](std::ptrdiff_t at, int) INCEPT_ALWAYS_INLINE {
      return typename Plain::Terms{{Simd<Numbers, Isa>::load(x + at)}};
    });
    Lanes<Sum<Numbers>> means;
    for (int i = 0; i < kBlock; ++i)
      means.lane[i] = plain.kind[0].lane[i] / static_cast<Sum<Numbers>>(pixels);
    return means;
  }

  Lanes<Sum<Numbers>> mean_so_far() const {
    Lanes<Sum<Numbers>> rounded;
    for (int i = 0; i < kBlock; ++i) rounded.lane[i] = static_cast<Sum<Numbers>>(mean.lane[i]);
    return rounded;
  }
};

// Null gamma is 1, null beta 0. Beside y, activated: the mean, 1 / sqrt(variance + eps), and what
// the running statistics become, whose variance is unbiased, as in PyTorch.
template <const BatchNorm& S, class Numbers = F32, class Isa = Native>
void batch_norm_training(Member& t, Batch<const Stored<Numbers>> x, const Sum<Numbers>* gamma,
                         const Sum<Numbers>* beta, const Sum<Numbers>* running_mean,
                         const Sum<Numbers>* running_var, Batch<Stored<Numbers>> y,
                         Sum<Numbers>* mean, Sum<Numbers>* inverse, Sum<Numbers>* new_mean,
                         Sum<Numbers>* new_var) {
  static_assert(S.blocked);
  using Simd = cpu::Simd<Numbers, Isa>;
  using Sum = cpu::Sum<Numbers>;
  const auto kept = [](Sum old, double fresh) {
    return static_cast<Sum>((1.0 - S.momentum_) * old + S.momentum_ * fresh);
  };
  for (auto [b, end] = share_in_turn(t, blocks_of(S.channels)); b < end; ++b) {
    Moments<Numbers, Isa> moments;
    each_image_stretch<S>(b, x.images, [&](int image, std::ptrdiff_t at, std::ptrdiff_t pixels) {
      moments.add(x(image) + at, pixels);
    });
    Lanes<Sum> shift, factor, offset;
    for (int i = 0; i < lanes_of(S.channels, b); ++i) {
      const std::ptrdiff_t c = b * kBlock + i;
      const double middle = moments.mean.lane[i], squares = moments.squares.lane[i];
      const double scale = 1 / std::sqrt(squares / moments.count + S.epsilon);
      const double by = (gamma ? gamma[c] : 1.0) * scale;
      mean[c] = static_cast<Sum>(middle), inverse[c] = static_cast<Sum>(scale);
      new_mean[c] = kept(running_mean[c], middle);
      new_var[c] = kept(running_var[c], squares / (moments.count - 1));
      shift.lane[i] = mean[c], factor.lane[i] = static_cast<Sum>(by);
      offset.lane[i] = static_cast<Sum>((beta ? beta[c] : 0.0) + (mean[c] - middle) * by);
    }
    const Held<Numbers, Isa> less(shift), times(factor), plus(offset);
    each_image_stretch<S>(b, x.images, [&](int image, std::ptrdiff_t at, std::ptrdiff_t pixels) {
      each_register<Isa>(at, pixels, [&](std::ptrdiff_t i, int part) INCEPT_ALWAYS_INLINE {
        const auto off = Simd::load(x(image) + i) - less.part[part];
        const auto normal = off * times.part[part] + plus.part[part];
        Simd::store(y(image) + i, activated<S, Numbers, Isa>(normal));
      });
    });
  }
}

// Of a block of channels: the sums of dy * (x - mean) and of dy.
template <class Numbers, class Isa>
struct Meeting {
  Lanes<double> deviation, plain;

  // `through(dy, x - mean, part)` is what dy is before the norm's activation.
  template <class Through>
  INCEPT_INLINE void add(const Stored<Numbers>* x, const Stored<Numbers>* dy, std::ptrdiff_t pixels,
                         const Held<Numbers, Isa>& mean, Through&& through) {
    using Simd = cpu::Simd<Numbers, Isa>;
    using Sums = StretchSums<2, Numbers, Isa>;
    const Sums sums(pixels, [&](std::ptrdiff_t at, int part) INCEPT_ALWAYS_INLINE {
      const Vec<Numbers, Isa> off = Simd::load(x + at) - mean.part[part];
      const Vec<Numbers, Isa> d = through(Simd::load(dy + at), off, part);
      return typename Sums::Terms{{d * off, d}};
    });
    for (int i = 0; i < kBlock; ++i) {
      deviation.lane[i] += sums.kind[0].lane[i];
      plain.lane[i] += sums.kind[1].lane[i];
    }
  }
};

// What dy is before the norm's activation. Where that cuts off, the norm's result is computed
// again, which costs less than to read it.
template <const BatchNorm& S, class Numbers, class Isa>
struct ThroughActivation {
  using Vec = cpu::Vec<Numbers, Isa>;
  static_assert(S.activation == Activation::kNone || S.activation == Activation::kRelu,
                "what its derivative is by costs more to compute again");
  const Held<Numbers, Isa>&times, &plus;  // Gamma by the deviation, beta.

  INCEPT_INLINE Vec operator()(Vec dy, Vec off, int part) const {
    if constexpr (S.activation == Activation::kNone) return dy;
    return off * times.part[part] + plus.part[part] <= Vec{} ? Vec{} : dy;
  }
};

// Through the activation and the statistics too; by x, by gamma and by beta.
template <const BatchNorm& S, class Numbers = F32, class Isa = Native>
void batch_norm_gradient(Member& t, Batch<const Stored<Numbers>> x, Batch<const Stored<Numbers>> dy,
                         const Sum<Numbers>* gamma, const Sum<Numbers>* beta,
                         const Sum<Numbers>* mean, const Sum<Numbers>* inverse,
                         Batch<Stored<Numbers>> dx, Sum<Numbers>* dgamma, Sum<Numbers>* dbeta) {
  static_assert(S.blocked);
  using Simd = cpu::Simd<Numbers, Isa>;
  using Sum = cpu::Sum<Numbers>;
  const double count = static_cast<double>(S.plane()) * x.images;
  for (auto [b, end] = share_in_turn(t, blocks_of(S.channels)); b < end; ++b) {
    Lanes<Sum> factor, floor, slope, offset;
    for (int i = 0; i < lanes_of(S.channels, b); ++i) {
      const std::ptrdiff_t c = b * kBlock + i;
      factor.lane[i] = static_cast<Sum>((gamma ? gamma[c] : 1.0) * inverse[c]);
      floor.lane[i] = beta ? beta[c] : 0;
    }
    const Held<Numbers, Isa> less(Lanes<Sum>(mean, b, S.channels)), times(factor), from(floor);
    const ThroughActivation<S, Numbers, Isa> through{times, from};
    Meeting<Numbers, Isa> meeting;
    each_image_stretch<S>(b, x.images, [&](int image, std::ptrdiff_t at, std::ptrdiff_t pixels) {
      meeting.add(x(image) + at, dy(image) + at, pixels, less, through);
    });
    for (int i = 0; i < lanes_of(S.channels, b); ++i) {
      const std::ptrdiff_t c = b * kBlock + i;
      const double by_gamma = meeting.deviation.lane[i] * inverse[c];
      const double by_beta = meeting.plain.lane[i];
      const double by = (gamma ? gamma[c] : 1.0) * inverse[c];
      dgamma[c] = static_cast<Sum>(by_gamma), dbeta[c] = static_cast<Sum>(by_beta);
      slope.lane[i] = static_cast<Sum>(-by * by_gamma * inverse[c] / count);
      offset.lane[i] = static_cast<Sum>(-by * by_beta / count);
    }
    const Held<Numbers, Isa> skewed(slope), plus(offset);
    each_image_stretch<S>(b, x.images, [&](int image, std::ptrdiff_t at, std::ptrdiff_t pixels) {
      each_register<Isa>(at, pixels, [&](std::ptrdiff_t i, int part) INCEPT_ALWAYS_INLINE {
        const auto off = Simd::load(x(image) + i) - less.part[part];
        const auto d = through(Simd::load(dy(image) + i), off, part);
        Simd::store(dx(image) + i,
                    d * times.part[part] + off * skewed.part[part] + plus.part[part]);
      });
    });
  }
}

// Where the statistics stay as they are.
template <const BatchNorm& S, class Numbers = F32, class Isa = Native>
void batch_norm_frozen_gradient(Member& t, Batch<const Stored<Numbers>> x,
                                Batch<const Stored<Numbers>> dy, const Sum<Numbers>* gamma,
                                const Sum<Numbers>* mean, const Sum<Numbers>* variance,
                                Batch<Stored<Numbers>> dx, Sum<Numbers>* dgamma,
                                Sum<Numbers>* dbeta) {
  static_assert(S.blocked);
  using Simd = cpu::Simd<Numbers, Isa>;
  using Sum = cpu::Sum<Numbers>;
  const auto as_it_is = [](auto d, auto, int) INCEPT_ALWAYS_INLINE { return d; };
  for (auto [b, end] = share_in_turn(t, blocks_of(S.channels)); b < end; ++b) {
    Lanes<double> inverse;
    Lanes<Sum> factor;
    for (int i = 0; i < lanes_of(S.channels, b); ++i) {
      const std::ptrdiff_t c = b * kBlock + i;
      inverse.lane[i] = 1 / std::sqrt(double(variance[c]) + S.epsilon);
      factor.lane[i] = static_cast<Sum>((gamma ? gamma[c] : 1.0) * inverse.lane[i]);
    }
    const Held<Numbers, Isa> less(Lanes<Sum>(mean, b, S.channels)), times(factor);
    Meeting<Numbers, Isa> meeting;
    each_image_stretch<S>(b, x.images, [&](int image, std::ptrdiff_t at, std::ptrdiff_t pixels) {
      meeting.add(x(image) + at, dy(image) + at, pixels, less, as_it_is);
      each_register<Isa>(at, pixels, [&](std::ptrdiff_t i, int part) INCEPT_ALWAYS_INLINE {
        Simd::store(dx(image) + i, Simd::load(dy(image) + i) * times.part[part]);
      });
    });
    for (int i = 0; i < lanes_of(S.channels, b); ++i) {
      const std::ptrdiff_t c = b * kBlock + i;
      dgamma[c] = static_cast<Sum>(meeting.deviation.lane[i] * inverse.lane[i]);
      dbeta[c] = static_cast<Sum>(meeting.plain.lane[i]);
    }
  }
}

}  // namespace incept::cpu
