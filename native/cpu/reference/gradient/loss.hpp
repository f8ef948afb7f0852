// Losses, and their derivatives: means over the batch. A loss is one number, which one member adds
// up.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "../../../layers/training.hpp"
#include "../../batch.hpp"
#include "../../shape.hpp"
#include "../../team.hpp"

namespace incept::cpu::reference {

// How much -log p of each class counts at a place whose target is `right`: PyTorch's
// label smoothing and class weights; null weights are 1.
struct Shares {
  const CrossEntropy& s;
  const float* smoothing;
  const float* class_weights;

  // A target that is no class has no weight of its own.
  double weight(int c) const {
    return class_weights && c >= 0 && c < s.channels ? class_weights[c] : 1.0;
  }
  double operator()(int c, int right) const {
    const double e = *smoothing;
    return ((c == right ? 1 - e : 0.0) + e / s.channels) * weight(c);
  }
  bool ignored(int target) const { return s.ignores && target == s.ignored; }
};

// The softmax of a pixel's logits: the largest, which is subtracted first, and what is left's sum.
struct Normaliser {
  double most, sum;
};
inline Normaliser normaliser(const CrossEntropy& s, const float* logits, std::ptrdiff_t p) {
  double most = logits[p], sum = 0;
  for (int c = 1; c < s.channels; ++c) most = std::max(most, double(logits[c * s.plane() + p]));
  for (int c = 0; c < s.channels; ++c) sum += std::exp(logits[c * s.plane() + p] - most);
  return {most, sum};
}

// The loss over the sum of the targets' weights, which is `total`, and the softmax `softmax`.
inline void cross_entropy(const Member& t, const CrossEntropy& s, Batch<const float> logits,
                          Batch<const std::int32_t> target, const float* smoothing,
                          const float* class_weights, float* loss, Batch<float> softmax,
                          float* total) {
  const std::ptrdiff_t plane = s.plane();
  for (auto [place, end] = share(t, plane * logits.images); place < end; ++place) {
    const int image = static_cast<int>(place / plane);
    const std::ptrdiff_t p = place % plane;
    const Normaliser by = normaliser(s, logits(image), p);
    for (std::ptrdiff_t at = p; at < s.channels * plane; at += plane)
      softmax(image)[at] = static_cast<float>(std::exp(logits(image)[at] - by.most) / by.sum);
  }
  if (t.rank() != 0) return;
  const Shares shares{s, smoothing, class_weights};
  double cost = 0, weight = 0;
  for (int image = 0; image < logits.images; ++image)
    for (std::ptrdiff_t p = 0; p < plane; ++p) {
      const int right = target(image)[p];
      if (shares.ignored(right)) continue;
      const Normaliser by = normaliser(s, logits(image), p);
      for (int c = 0; c < s.channels; ++c)
        cost -= shares(c, right) * (logits(image)[c * plane + p] - by.most - std::log(by.sum));
      weight += shares.weight(right);
    }
  *loss = static_cast<float>(cost / weight), *total = static_cast<float>(weight);
}

// From the softmax; `dy` is the derivative by the loss.
inline void cross_entropy_gradient(const Member& t, const CrossEntropy& s, const float* softmax,
                                   const std::int32_t* target, const float* smoothing,
                                   const float* class_weights, const float* total, const float* dy,
                                   float* dx) {
  const std::ptrdiff_t plane = s.plane();
  const Shares shares{s, smoothing, class_weights};
  const double factor = double(*dy) / *total;
  for (auto [p, end] = share(t, plane); p < end; ++p) {
    const int right = target[p];
    double all = 0;
    for (int c = 0; c < s.channels; ++c) all += shares(c, right);
    for (int c = 0; c < s.channels; ++c) {
      const double slope = softmax[c * plane + p] * all - shares(c, right);
      dx[c * plane + p] = shares.ignored(right) ? 0.0f : static_cast<float>(factor * slope);
    }
  }
}

// The share of the batch's places whose largest number, the first of equals, is the right class's;
// 0 where no place counts.
inline void accuracy(const Member& t, const CrossEntropy& s, Batch<const float> x,
                     Batch<const std::int32_t> target, float* right) {
  if (t.rank() != 0) return;
  const std::ptrdiff_t plane = s.plane();
  std::ptrdiff_t hits = 0, places = 0;
  for (int image = 0; image < x.images; ++image)
    for (std::ptrdiff_t p = 0; p < plane; ++p) {
      const int wanted = target(image)[p];
      if (s.ignores && wanted == s.ignored) continue;
      int best = 0;
      for (int c = 1; c < s.channels; ++c)
        if (x(image)[c * plane + p] > x(image)[best * plane + p]) best = c;
      ++places, hits += best == wanted;
    }
  *right = static_cast<float>(double(hits) / double(std::max<std::ptrdiff_t>(places, 1)));
}

// The mean of `cost(x, target)` over all elements.
template <class Cost>
void numeric_loss(const Member& t, const NumericLoss& s, Batch<const float> x,
                  Batch<const float> target, float* loss, Cost&& cost) {
  if (t.rank() != 0) return;
  const std::ptrdiff_t count = s.channels * s.plane();
  double sum = 0;
  for (int image = 0; image < x.images; ++image)
    for (std::ptrdiff_t i = 0; i < count; ++i)
      sum += cost(double(x(image)[i]), double(target(image)[i]));
  *loss = static_cast<float>(sum / (double(count) * x.images));
}

template <class Slope>
void numeric_loss_gradient(const Member& t, const NumericLoss& s, Batch<const float> x,
                           Batch<const float> target, const float* dy, Batch<float> dx,
                           Slope&& slope) {
  const std::ptrdiff_t count = s.channels * s.plane();
  const double factor = *dy / (double(count) * x.images);
  for (auto [i, end] = share(t, count * x.images); i < end; ++i) {
    const int image = static_cast<int>(i / count);
    const double by = slope(double(x(image)[i % count]), double(target(image)[i % count]));
    dx(image)[i % count] = static_cast<float>(factor * by);
  }
}

inline void mean_squared_error(const Member& t, const NumericLoss& s, Batch<const float> x,
                               Batch<const float> target, float* loss) {
  numeric_loss(t, s, x, target, loss,
               [](double x, double target) { return (x - target) * (x - target); });
}

inline void mean_squared_error_gradient(const Member& t, const NumericLoss& s, Batch<const float> x,
                                        Batch<const float> target, const float* dy,
                                        Batch<float> dx) {
  numeric_loss_gradient(t, s, x, target, dy, dx,
                        [](double x, double target) { return 2 * (x - target); });
}

// PyTorch's binary_cross_entropy_with_logits: x is taken before a sigmoid; exact for any x.
inline void sigmoid_cross_entropy(const Member& t, const NumericLoss& s, Batch<const float> x,
                                  Batch<const float> target, float* loss) {
  numeric_loss(t, s, x, target, loss, [](double x, double target) {
    return std::max(x, 0.0) - x * target + std::log1p(std::exp(-std::abs(x)));
  });
}

inline void sigmoid_cross_entropy_gradient(const Member& t, const NumericLoss& s,
                                           Batch<const float> x, Batch<const float> target,
                                           const float* dy, Batch<float> dx) {
  numeric_loss_gradient(t, s, x, target, dy, dx,
                        [](double x, double target) { return 1 / (1 + std::exp(-x)) - target; });
}

}  // namespace incept::cpu::reference
