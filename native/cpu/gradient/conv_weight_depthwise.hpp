// The derivative by the weight where each channel is convolved by itself: blocks of x and dy are
// multiplied lane by lane.
#pragma once

#include "conv_weight.hpp"

namespace incept::cpu {

// Adds to `total`, which is [16], the sums of a[lane] * b[lane] over the stretch.
template <class Numbers, class Isa>
__attribute__((noinline)) void add_lane_products(Stretch n, Walk<Stored<Numbers>> a,
                                                 Walk<Stored<Numbers>> b, Sum<Numbers>* total) {
  using Simd = cpu::Simd<Numbers, Isa>;
  using Vec = cpu::Vec<Numbers, Isa>;
  constexpr int parts = kParts<Isa>, at_once = 8 / parts;  // Eight sums hide their latency.
  Vec sum[at_once][parts] = {};
  for (int i = 0; i < n.images; ++i)
    for (int y = 0; y < n.rows; ++y) {
      const Stored<Numbers>*one = a.at(i, y), *other = b.at(i, y);
      const auto add = [&](int p, int slot) {
        INCEPT_UNROLL
        for (int v = 0; v < parts; ++v)
          sum[slot][v] += Simd::load(one + p * a.pixel + v * Isa::kLanes) *
                          Simd::load(other + p * b.pixel + v * Isa::kLanes);
      };
      int p = 0;
      for (; p + at_once <= n.pixels; p += at_once) {
        INCEPT_UNROLL
        for (int slot = 0; slot < at_once; ++slot) add(p + slot, slot);
      }
      for (; p < n.pixels; ++p) add(p, 0);
    }
  INCEPT_UNROLL
  for (int v = 0; v < parts; ++v) {
    Vec all = sum[0][v];
    INCEPT_UNROLL
    for (int slot = 1; slot < at_once; ++slot) all += sum[slot][v];
    Sum<Numbers>* const to = total + v * Isa::kLanes;
    Simd::put(to, Simd::at(to) + all);
  }
}

struct DepthwiseWeights {
  static constexpr int kPixels = 256;

  static constexpr bool fits(const Conv& s) {
    return !s.planar_input && s.group_count == s.in_channels && s.group_count == s.out_channels;
  }

  // [blocks][kernel height][kernel width][16]
  template <class Numbers = F32>
  static constexpr std::size_t workspace(const Conv& s) {
    const std::size_t taps = std::size_t(s.kernel_height) * s.kernel_width;
    return workspace_bytes(blocks_of(s.out_channels) * taps * kBlock, sizeof(Sum<Numbers>));
  }

  template <const Conv& S, class Numbers, class Isa>
  static void run(Member& t, Batch<const Stored<Numbers>> x, Batch<const Stored<Numbers>> dy,
                  Sum<Numbers>* workspace, Sum<Numbers>* dw) {
    constexpr int row_sums = S.kernel_width * kBlock;
    // Rows of taps of a block.
    const Share mine = share(t, std::ptrdiff_t(blocks_of(S.out_channels)) * S.kernel_height);
    std::fill(workspace + mine.begin * row_sums, workspace + mine.end * row_sums, Sum<Numbers>{});
    each_chunk(S, x.images, kPixels, [&](const Chunk& chunk) {
      for (auto item = mine.begin; item < mine.end; ++item) {
        const int ky = static_cast<int>(item % S.kernel_height);
        add_row(S, ranges_of<S>(), x, dy, chunk, item / S.kernel_height, ky,
                workspace + item * row_sums, Isa{}, Numbers{});
      }
    });
    for (auto item = mine.begin; item < mine.end; ++item)
      for (int kx = 0; kx < S.kernel_width; ++kx)
        for (int lane = 0; lane < kBlock; ++lane) {
          const std::ptrdiff_t c = item / S.kernel_height * kBlock + lane;
          if (c < S.out_channels)
            dw[(c * S.kernel_height + item % S.kernel_height) * S.kernel_width + kx] =
                workspace[item * row_sums + kx * kBlock + lane];
        }
  }

 private:
  // One row of taps of a block, over a chunk.
  template <class Isa, class Numbers>
  static void add_row(const Conv& s, TapRanges taps, Batch<const Stored<Numbers>> x,
                      Batch<const Stored<Numbers>> dy, const Chunk& chunk, std::ptrdiff_t block,
                      int ky, Sum<Numbers>* total, Isa, Numbers) {
    const Range rows = taps.rows[ky].within(chunk.rows);
    if (rows.size() == 0) return;
    const std::ptrdiff_t x_row =
        block * s.in_height + rows.begin * s.stride_height + tap_row(s, ky);
    const Stored<Numbers>* from = x(chunk.image) + x_row * s.in_width * kBlock;
    const Stored<Numbers>* to =
        dy(chunk.image) + (block * s.out_height + rows.begin) * s.out_width * kBlock;
    for (int kx = 0; kx < s.kernel_width; ++kx, total += kBlock) {
      const Range columns = taps.columns[kx];
      const std::ptrdiff_t column = columns.begin * s.stride_width + tap_column(s, kx);
      if (columns.size() > 0)
        add_lane_products<Numbers, Isa>(
            {chunk.images, rows.size(), columns.size()},
            {from + column * kBlock, x.pitch, std::ptrdiff_t(s.stride_height) * s.in_width * kBlock,
             s.stride_width * kBlock},
            {to + columns.begin * kBlock, dy.pitch, s.out_width * kBlock, kBlock}, total);
    }
  }
};

}  // namespace incept::cpu
