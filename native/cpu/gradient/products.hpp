// The heart of the derivatives by weights: products of two long rows of numbers, summed in
// registers. All sizes are plain arguments: what is summed over is long, so that nothing is gained
// by knowing it, and all layers of a network share this code.
#pragma once

#include "../numbers.hpp"
#include "../sums.hpp"

namespace incept::cpu {

// What is summed over: pixels of rows of images.
struct Stretch {
  int images, rows, pixels;
};

// Where one operand's numbers lie, and how far apart.
template <class Number>
struct Walk {
  const Number* first;
  std::ptrdiff_t image, row, pixel;

  const Number* at(int i, int y) const { return first + i * image + y * row; }
};

// Adds to `total`, which is [COUNT][16], the sums over the stretch of COUNT single numbers times
// the first PARTS registers of a block of 16. The single numbers lie `apart`. Not inlined, or every
// caller would have its own.
template <int COUNT, int PARTS, class Numbers, class Isa>
__attribute__((noinline)) void add_products(Stretch n, Walk<Stored<Numbers>> singles,
                                            std::ptrdiff_t apart, Walk<Stored<Numbers>> blocks,
                                            Sum<Numbers>* total) {
  using Simd = cpu::Simd<Numbers, Isa>;
  using Vec = cpu::Vec<Numbers, Isa>;
  Vec sum[COUNT][PARTS] = {};
  for (int i = 0; i < n.images; ++i)
    for (int y = 0; y < n.rows; ++y) {
      const Stored<Numbers>*single = singles.at(i, y), *block = blocks.at(i, y);
      for (int p = 0; p < n.pixels; ++p, single += singles.pixel, block += blocks.pixel) {
        Vec numbers[PARTS];
        INCEPT_UNROLL
        for (int v = 0; v < PARTS; ++v) numbers[v] = Simd::load(block + v * Isa::kLanes);
        INCEPT_UNROLL
        for (int c = 0; c < COUNT; ++c) {
          const Vec all = Simd::all(Numbers::read(single[c * apart]));
          INCEPT_UNROLL
          for (int v = 0; v < PARTS; ++v) sum[c][v] += all * numbers[v];
        }
      }
    }
  INCEPT_UNROLL
  for (int c = 0; c < COUNT; ++c) {
    INCEPT_UNROLL
    for (int v = 0; v < PARTS; ++v) {
      Sum<Numbers>* const to = total + c * kBlock + v * Isa::kLanes;
      Simd::put(to, Simd::at(to) + sum[c][v]);
    }
  }
}

// The same for a count that is known when it runs, at most kMostSingles.
template <class Numbers, class Isa, int PARTS = kParts<Isa>, int COUNT = kMostSingles<Isa, PARTS>>
void add_some_products(int count, Stretch n, Walk<Stored<Numbers>> singles, std::ptrdiff_t apart,
                       Walk<Stored<Numbers>> blocks, Sum<Numbers>* total) {
  if (count == COUNT)
    return add_products<COUNT, PARTS, Numbers, Isa>(n, singles, apart, blocks, total);
  if constexpr (COUNT > 1)
    add_some_products<Numbers, Isa, PARTS, COUNT - 1>(count, n, singles, apart, blocks, total);
}

}  // namespace incept::cpu
