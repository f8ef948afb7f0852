// Which source pixels make a resampled one, and how much each counts: PIL's `precompute_coeffs` and
// `normalize_coeffs_8bpc` (src/libImaging/Resample.c), operation by operation, since a rounding
// that differs shows in the bytes.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "frame.hpp"

namespace incept::picture {

// Weights are in units of 2^-22. They sum to about 1, and a byte times them fits 32 bits.
constexpr int kWeightBits = 22;

// The pixels from `first` on.
struct Taps {
  std::int64_t first = 0;
  std::vector<std::int32_t> weights;

  std::int64_t end() const { return first + std::int64_t(weights.size()); }
};

// The filters at a distance of `x` source pixels, or of output pixels where it shrinks.
inline double bilinear(double x) {
  x = std::fabs(x);
  return x < 1 ? 1 - x : 0;
}

// Keys' cubic convolution (1981) with a = -1/2.
inline double bicubic(double x) {
  constexpr double a = -0.5;
  x = std::fabs(x);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
  return 0;
}

// For the kept pixel `i` of a side. Shrinking widens the filter, so that every source pixel counts.
inline Taps taps_of(const Side& side, Interpolation interpolation, std::int64_t i) {
  const bool cubic = interpolation == Interpolation::kBicubic;
  const double scale = double(side.source) / double(side.resized);
  const double stretch = scale < 1 ? 1 : scale;
  const double reach = (cubic ? 2 : 1) * stretch;
  const double centre = (double(side.first + i) + 0.5) * scale;
  const double per_pixel = 1 / stretch;
  const auto least = std::int64_t(centre - reach + 0.5);
  const auto most = std::int64_t(centre + reach + 0.5);
  Taps taps;
  taps.first = least < 0 ? 0 : least;
  const std::int64_t count = (most > side.source ? side.source : most) - taps.first;
  std::vector<double> heights(std::size_t(count), 0);
  double sum = 0;
  for (std::int64_t k = 0; k < count; ++k) {
    const double distance = (double(k + taps.first) - centre + 0.5) * per_pixel;
    sum += heights[k] = cubic ? bicubic(distance) : bilinear(distance);
  }
  for (double& height : heights) {
    const double weight = (sum == 0 ? height : height / sum) * (1 << kWeightBits);
    taps.weights.push_back(std::int32_t(weight < 0 ? weight - 0.5 : weight + 0.5));
  }
  return taps;
}

}  // namespace incept::picture
