// Where Winograd's polynomials are evaluated, and what follows from that.
//
// F(m, r) gives m outputs of a filter of r taps for m + r - 1 products: filter and input are
// polynomials, which are evaluated at as many points, multiplied there, and interpolated (S.
// Winograd, Arithmetic Complexity of Computations, 1980; A. Lavin and S. Gray, Fast Algorithms for
// Convolutional Neural Networks, 2015). The points are 0, pairs p and -p, and, where their number
// is even, infinity: of a pair, even and odd powers are summed once and then added and subtracted.
//
// Points near 1 whose squares spread evenly lose the fewest bits: with 1/sqrt(2) and sqrt(2) F(4,
// 3) is twice as exact as with 1 and 2 (bench/native/README.md).
#pragma once

namespace incept::cpu {

constexpr int kMaxPairs = 4;

// What F(m, r) is evaluated at: `size` is m + r - 1, or 1 where nothing is transformed.
struct WinogradPoints {
  int size = 1;
  int pairs = 0;
  double at[kMaxPairs] = {};

  // Whether the last point is infinity.
  constexpr bool infinite() const { return size % 2 == 0; }

  // Coefficients of the product of (y - at[i]^2), that of y^k at [k]; without pair `left_out`.
  struct Polynomial {
    double of[kMaxPairs + 1] = {};
  };
  constexpr Polynomial product(int left_out = -1) const {
    Polynomial p;
    p.of[0] = 1;
    int degree = 0;
    for (int i = 0; i < pairs; ++i) {
      if (i == left_out) continue;
      ++degree;
      for (int k = degree; k > 0; --k) p.of[k] = p.of[k - 1] - at[i] * at[i] * p.of[k];
      p.of[0] *= -at[i] * at[i];
    }
    return p;
  }

  // Point `index` of `size`: 0, the pairs, infinity, which is not asked for.
  constexpr double point(int index) const {
    if (index == 0) return 0;
    return index % 2 != 0 ? at[(index - 1) / 2] : -at[(index - 1) / 2];
  }

  // What filter tap `tap` of `taps` counts at point `index`: divided by the differences from the
  // other points, so that inputs and outputs need no division.
  constexpr double filter(int index, int tap, int taps) const {
    const int finite = 1 + 2 * pairs;
    if (index == finite) return tap == taps - 1 ? 1 : 0;
    double power = 1, differences = 1;
    for (int k = 0; k < tap; ++k) power *= point(index);
    for (int other = 0; other < finite; ++other)
      if (other != index) differences *= point(index) - point(other);
    return power / differences;
  }
};

// Sizes that have points: 4, 6, 7, 8 and 10 of them, or of a filter of one tap.
constexpr bool has_points(int outputs, int taps) {
  const int size = outputs + taps - 1;
  if (taps == 1) return outputs == 1;
  return taps <= 7 && (size == 4 || (size >= 6 && size <= 8) || size == 10);
}

// Along two sides errors multiply: ten points, and six taps or more, are for filters of one
// row or column.
constexpr bool has_points(int height, int width, int kernel_height, int kernel_width) {
  const auto bears = [](int outputs, int taps, int other) {
    return other == 1 || (taps < 6 && outputs + taps - 1 <= 8);
  };
  return has_points(height, kernel_height) && has_points(width, kernel_width) &&
         bears(height, kernel_height, kernel_width) && bears(width, kernel_width, kernel_height);
}

constexpr WinogradPoints winograd_points(int outputs, int taps) {
  constexpr double root = 1.4142135623730951;
  switch (outputs + taps - 1) {
    case 4:
      return {4, 1, {1}};
    case 6:
      return {6, 2, {1 / root, root}};
    case 7:
      return {7, 3, {0.625, 1.25, 2.5}};
    case 8:
      return {8, 3, {0.5, 1, 2}};
    case 10:
      return {10, 4, {0.375, 0.75, 1.25, 2}};
    default:
      return {};
  }
}

}  // namespace incept::cpu
