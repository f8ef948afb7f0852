// Batch normalisation by the statistics of a batch (Ioffe & Szegedy 2015, algorithm 1), and the
// derivatives of both its forms. All that is of one channel one member computes.
#pragma once

#include <cmath>

#include "../../batch.hpp"
#include "../../shape.hpp"
#include "../../team.hpp"
#include "sum.hpp"

namespace incept::cpu::reference {

// Null gamma is 1, null beta 0. Beside y, activated: the mean, 1 / sqrt(variance + eps), and what
// the running statistics become, whose variance is unbiased, as in PyTorch.
inline void batch_norm_training(const Member& t, const BatchNorm& s, Batch<const float> x,
                                const float* gamma, const float* beta, const float* running_mean,
                                const float* running_var, Batch<float> y, float* mean,
                                float* inverse, float* new_mean, float* new_var) {
  const double count = double(s.plane()) * x.images;
  const auto kept = [&](float old, double fresh) {
    return static_cast<float>((1.0 - s.momentum_) * old + s.momentum_ * fresh);
  };
  for (auto [c, end] = share(t, s.channels); c < end; ++c) {
    const double middle =
        channel_sum(s, x.images, c,
                    [&](int image, std::ptrdiff_t at) { return double(x(image)[at]); }) /
        count;
    const double variance = channel_sum(s, x.images, c,
                                        [&](int image, std::ptrdiff_t at) {
                                          const double off = x(image)[at] - middle;
                                          return off * off;
                                        }) /
                            count;
    const double scale = 1 / std::sqrt(variance + s.epsilon);
    for (int image = 0; image < x.images; ++image)
      for (std::ptrdiff_t at = c * s.plane(); at < (c + 1) * s.plane(); ++at) {
        const double normal = (x(image)[at] - middle) * scale;
        y(image)[at] = activated(
            s, static_cast<float>(normal * (gamma ? gamma[c] : 1.0) + (beta ? beta[c] : 0.0)));
      }
    mean[c] = static_cast<float>(middle), inverse[c] = static_cast<float>(scale);
    new_mean[c] = kept(running_mean[c], middle);
    new_var[c] = kept(running_var[c], variance * count / (count - 1));
  }
}

// Through the activation, whose derivative is by y, and the statistics too; by x, by gamma and by
// beta.
inline void batch_norm_gradient(const Member& t, const BatchNorm& s, Batch<const float> x,
                                Batch<const float> dy, const float* gamma, const float* beta,
                                const float* mean, const float* inverse, Batch<float> dx,
                                float* dgamma, float* dbeta) {
  const double count = double(s.plane()) * x.images;
  for (auto [c, end] = share(t, s.channels); c < end; ++c) {
    const auto normal = [&, c = c](int image, std::ptrdiff_t at) {
      return (double(x(image)[at]) - mean[c]) * inverse[c];
    };
    const auto given = [&, c = c](int image, std::ptrdiff_t at) {
      const double y = normal(image, at) * (gamma ? gamma[c] : 1.0) + (beta ? beta[c] : 0.0);
      return double(dy(image)[at]) * derivative(s, activated(s, static_cast<float>(y)));
    };
    const double by_gamma = channel_sum(s, x.images, c, [&](int image, std::ptrdiff_t at) {
      return given(image, at) * normal(image, at);
    });
    const double by_beta = channel_sum(s, x.images, c, given);
    const double factor = (gamma ? gamma[c] : 1.0) * inverse[c];
    for (int image = 0; image < x.images; ++image)
      for (std::ptrdiff_t at = c * s.plane(); at < (c + 1) * s.plane(); ++at) {
        const double shared = (by_beta + normal(image, at) * by_gamma) / count;
        dx(image)[at] = static_cast<float>(factor * (given(image, at) - shared));
      }
    dgamma[c] = static_cast<float>(by_gamma), dbeta[c] = static_cast<float>(by_beta);
  }
}

// Where the statistics stay as they are.
inline void batch_norm_frozen_gradient(const Member& t, const BatchNorm& s, Batch<const float> x,
                                       Batch<const float> dy, const float* gamma, const float* mean,
                                       const float* variance, Batch<float> dx, float* dgamma,
                                       float* dbeta) {
  for (auto [c, end] = share(t, s.channels); c < end; ++c) {
    const double inverse = 1 / std::sqrt(double(variance[c]) + s.epsilon);
    dgamma[c] =
        static_cast<float>(channel_sum(s, x.images, c, [&, c = c](int image, std::ptrdiff_t at) {
          return dy(image)[at] * (double(x(image)[at]) - mean[c]) * inverse;
        }));
    dbeta[c] = static_cast<float>(channel_sum(
        s, x.images, c, [&](int image, std::ptrdiff_t at) { return double(dy(image)[at]); }));
    const double factor = (gamma ? gamma[c] : 1.0) * inverse;
    for (int image = 0; image < x.images; ++image)
      for (std::ptrdiff_t at = c * s.plane(); at < (c + 1) * s.plane(); ++at)
        dx(image)[at] = static_cast<float>(dy(image)[at] * factor);
  }
}

}  // namespace incept::cpu::reference
