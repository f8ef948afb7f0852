// The fully connected layer and its derivatives for a whole batch, planar, weights as the
// checkpoint has them. Every weight that is read is used for several images.
#pragma once

#include "../batch.hpp"
#include "../team.hpp"
#include "products.hpp"

namespace incept::cpu {

// Dot products of rows of two matrices, IMAGES by FEATURES of them in registers.
template <class Numbers, class Isa>
struct RowProducts {
  using Simd = cpu::Simd<Numbers, Isa>;
  static constexpr bool kMany = Isa::kLanes == 16;
  static constexpr int kImages = kMany ? 6 : 4, kFeatures = kMany ? 4 : 3;
  static constexpr int kLength = 1024;  // Of what is summed in registers.

  const Stored<Numbers>*x[kImages], *w[kFeatures];
  double sum[kImages][kFeatures];

  void add(std::ptrdiff_t length) {
    for (std::ptrdiff_t k = 0; k < length; k += kLength)
      add_piece(k, std::min(length, k + kLength));
  }

 private:
  void add_piece(std::ptrdiff_t k, std::ptrdiff_t end) {
    Vec<Numbers, Isa> part[kImages][kFeatures] = {};
    for (; k + Isa::kLanes <= end; k += Isa::kLanes) {
      Vec<Numbers, Isa> weight[kFeatures];
      INCEPT_UNROLL
      for (int f = 0; f < kFeatures; ++f) weight[f] = Simd::load(w[f] + k);
      INCEPT_UNROLL
      for (int i = 0; i < kImages; ++i) {
        const Vec<Numbers, Isa> number = Simd::load(x[i] + k);
        INCEPT_UNROLL
        for (int f = 0; f < kFeatures; ++f) part[i][f] += number * weight[f];
      }
    }
    Sum<Numbers> lanes[kImages][kFeatures][Isa::kLanes];
    INCEPT_UNROLL
    for (int i = 0; i < kImages; ++i) {
      INCEPT_UNROLL
      for (int f = 0; f < kFeatures; ++f) Simd::put(lanes[i][f], part[i][f]);
    }
    const int left = static_cast<int>(end - k);
    INCEPT_NO_UNROLL
    for (int i = 0; i < kImages; ++i) {
      INCEPT_NO_UNROLL
      for (int f = 0; f < kFeatures; ++f) {
        for (const Sum<Numbers> lane : lanes[i][f]) sum[i][f] += lane;
        for (int rest = 0; rest < left; ++rest)
          sum[i][f] += double(Numbers::read(x[i][k + rest])) * Numbers::read(w[f][k + rest]);
      }
    }
  }
};

template <class Numbers, class Isa>
void linear_batch(const Member& t, const Linear& s, Batch<const Stored<Numbers>> x,
                  const Stored<Numbers>* weight, const Sum<Numbers>* bias,
                  Batch<Stored<Numbers>> out) {
  using Products = RowProducts<Numbers, Isa>;
  const std::ptrdiff_t n = s.channels * s.plane();
  const int image_tiles = ceil_div(x.images, Products::kImages);
  const int feature_tiles = ceil_div(s.feature_count, Products::kFeatures);
  for (auto [item, end] = share(t, std::ptrdiff_t(feature_tiles) * image_tiles); item < end;
       ++item) {
    const int image = static_cast<int>(item % image_tiles) * Products::kImages;
    const int feature = static_cast<int>(item / image_tiles) * Products::kFeatures;
    // Past the last one it is taken again, and its products are left.
    Products products{};
    for (int i = 0; i < Products::kImages; ++i)
      products.x[i] = x(std::min(image + i, x.images - 1));
    for (int f = 0; f < Products::kFeatures; ++f)
      products.w[f] = weight + std::min(feature + f, s.feature_count - 1) * n;
    products.add(n);
    for (int i = image; i < std::min(image + Products::kImages, x.images); ++i)
      for (int f = feature; f < std::min(feature + Products::kFeatures, s.feature_count); ++f)
        out(i)[f] = Numbers::write(
            incept::activated(s, static_cast<Sum<Numbers>>(products.sum[i - image][f - feature] +
                                                           (bias ? bias[f] : 0))));
  }
}

// `x` [n], `weight` [features][n], `bias` [features] or null.
template <const Linear& S, class Numbers = F32, class Isa = Native>
void linear_batch(const Member& t, Batch<const Stored<Numbers>> x, const Stored<Numbers>* weight,
                  const Sum<Numbers>* bias, Batch<Stored<Numbers>> out) {
  linear_batch<Numbers, Isa>(t, S, x, weight, bias, out);
}

// Sixteen columns of a few rows of a matrix, with zeros past its last column: what products are
// taken with.
template <class Number>
struct Panel {
  static constexpr int kRows = 256;
  Number numbers[kRows * kBlock];
  int width;

  template <class Row>
  void fill(int first, int count, int columns, Row&& row) {
    width = columns;
    for (int r = 0; r < count; ++r) {
      const Number* from = row(first + r);
      Number* to = numbers + r * kBlock;
      std::fill(std::copy(from, from + columns, to), to + kBlock, Number{});
    }
  }

  Walk<Number> walk() const { return {numbers, 0, 0, kBlock}; }
};

// Adds products of `count` rows of single numbers with a panel to the rows of a result, or puts
// them there if `first`.
template <class Numbers, class Isa, class To>
void multiply_panel(int count, int length, bool first, Walk<Stored<Numbers>> singles,
                    std::ptrdiff_t apart, const Panel<Stored<Numbers>>& panel, To&& to) {
  Sum<Numbers> total[kMostSingles<Isa> * kBlock] = {};
  if (!first)
    for (int i = 0; i < count; ++i) std::copy(to(i), to(i) + panel.width, total + i * kBlock);
  add_some_products<Numbers, Isa>(count, {1, 1, length}, singles, apart, panel.walk(), total);
  for (int i = 0; i < count; ++i)
    std::copy(total + i * kBlock, total + i * kBlock + panel.width, to(i));
}

template <class Numbers, class Isa>
void linear_input_gradient(const Member& t, const Linear& s, Batch<const Stored<Numbers>> dy,
                           const Stored<Numbers>* weight, Batch<Stored<Numbers>> dx) {
  const std::ptrdiff_t n = s.channels * s.plane();
  const Tiles images{dy.images, kMostSingles<Isa>};
  Panel<Stored<Numbers>> panel;
  for (auto [item, end] = share(t, (n + kBlock - 1) / kBlock); item < end; ++item) {
    const std::ptrdiff_t column = item * kBlock;
    const int width = static_cast<int>(std::min<std::ptrdiff_t>(kBlock, n - column));
    for (int f = 0; f < s.feature_count; f += panel.kRows) {
      const int length = std::min(panel.kRows, s.feature_count - f);
      panel.fill(f, length, width, [&](int row) { return weight + row * n + column; });
      for (int tile = 0; tile < images.tiles(); ++tile) {
        const int image = images.begin(tile);
        multiply_panel<Numbers, Isa>(images.size(tile), length, f == 0, {dy(image) + f, 0, 0, 1},
                                     dy.pitch, panel,
                                     [&](int i) { return dx(image + i) + column; });
      }
    }
  }
}

// `dy` [features], `weight` [features][n], `dx` [n].
template <const Linear& S, class Numbers = F32, class Isa = Native>
void linear_input_gradient(const Member& t, Batch<const Stored<Numbers>> dy,
                           const Stored<Numbers>* weight, Batch<Stored<Numbers>> dx) {
  linear_input_gradient<Numbers, Isa>(t, S, dy, weight, dx);
}

template <class Numbers, class Isa>
void linear_weight_gradient(const Member& t, const Linear& s, Batch<const Stored<Numbers>> x,
                            Batch<const Stored<Numbers>> dy, Sum<Numbers>* dw) {
  constexpr int most = 96;  // Features that share a panel.
  const std::ptrdiff_t n = s.channels * s.plane();
  const int stretches = ceil_div(s.feature_count, most);
  Panel<Stored<Numbers>> panel;
  for (auto [item, end] = share(t, (n + kBlock - 1) / kBlock * stretches); item < end; ++item) {
    const std::ptrdiff_t column = item / stretches * kBlock;
    const int width = static_cast<int>(std::min<std::ptrdiff_t>(kBlock, n - column));
    const int from = static_cast<int>(item % stretches) * most;
    const Tiles features{std::min(most, s.feature_count - from), kMostSingles<Isa>};
    for (int image = 0; image < x.images; image += panel.kRows) {
      const int length = std::min(panel.kRows, x.images - image);
      panel.fill(image, length, width, [&](int i) { return x(i) + column; });
      for (int tile = 0; tile < features.tiles(); ++tile) {
        const int feature = from + features.begin(tile);
        multiply_panel<Numbers, Isa>(features.size(tile), length, image == 0,
                                     {dy(image) + feature, 0, 0, dy.pitch}, 1, panel,
                                     [&](int f) { return dw + (feature + f) * n + column; });
      }
    }
  }
}

// `x` [n], `dy` [features], `dw` [features][n].
template <const Linear& S, class Numbers = F32, class Isa = Native>
void linear_weight_gradient(const Member& t, Batch<const Stored<Numbers>> x,
                            Batch<const Stored<Numbers>> dy, Sum<Numbers>* dw) {
  linear_weight_gradient<Numbers, Isa>(t, S, x, dy, dw);
}

}  // namespace incept::cpu
