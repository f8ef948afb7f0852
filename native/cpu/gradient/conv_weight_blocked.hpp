// The derivative by the weight from x and dy in blocks: for each tap, a few input channels times a
// block of output channels in registers. A tap is multiplied where it falls on the image and
// nowhere else, so that x needs no border.
#pragma once

#include "conv_weight.hpp"

namespace incept::cpu {

// The work of one layer, its shape an argument: see products.hpp.
template <class Numbers, class Isa>
struct BlockedWeightSums {
  const Conv& s;
  TapRanges taps;
  Batch<const Stored<Numbers>> x, dy;
  Sum<Numbers>* sums;  // [out blocks][in blocks of a group][kernel height][kernel width][16][16]

  static constexpr int kPixels = 256;

  int inputs() const { return s.in_channels / s.group_count; }
  int in_blocks() const { return blocks_of(inputs()); }
  int group_of(int out_block) const {
    if (s.group_count == 1) return 0;
    return out_block * kBlock / (s.out_channels / s.group_count);
  }

  // What a member has to itself: some input channels of one row of taps, for a block of output
  // channels.
  struct Item {
    int out_block, in_block, ky, first, count;
  };
  static constexpr int kTiles = Tiles{kBlock, kMostSingles<Isa>}.tiles();

  std::ptrdiff_t items() const {
    return std::ptrdiff_t(blocks_of(s.out_channels)) * in_blocks() * s.kernel_height * kTiles;
  }

  Item item(std::ptrdiff_t index) const {
    const int tile = static_cast<int>(index % kTiles);
    const int row = static_cast<int>(index / kTiles), ky = row % s.kernel_height;
    const int in_block = row / s.kernel_height % in_blocks();
    const int out_block = row / s.kernel_height / in_blocks();
    const auto of = [&](Tiles channels) -> Item {
      if (tile >= channels.tiles()) return {out_block, in_block, ky, 0, 0};
      return {out_block, in_block, ky, channels.begin(tile), channels.size(tile)};
    };
    const int left = inputs() - in_block * kBlock;
    return left < kBlock ? of({left, kMostSingles<Isa>}) : of({kBlock, kMostSingles<Isa>});
  }

  // Of one tap: [count][16].
  Sum<Numbers>* sums_of(const Item& of, int kx) const {
    const std::ptrdiff_t tap =
        ((std::ptrdiff_t(of.out_block) * in_blocks() + of.in_block) * s.kernel_height + of.ky) *
            s.kernel_width +
        kx;
    return sums + (tap * kBlock + of.first) * kBlock;
  }

  void clear(const Item& of) const {
    for (int kx = 0; kx < s.kernel_width; ++kx)
      std::fill_n(sums_of(of, kx), of.count * kBlock, Sum<Numbers>{});
  }

  void add(const Item& of, const Chunk& chunk) const {
    const Range rows = taps.rows[of.ky].within(chunk.rows);
    if (rows.size() == 0 || of.count == 0) return;
    const std::ptrdiff_t x_block = group_of(of.out_block) * (inputs() / kBlock) + of.in_block;
    const std::ptrdiff_t x_row = rows.begin * s.stride_height + tap_row(s, of.ky);
    const Stored<Numbers>* x_first =
        x(chunk.image) + (x_block * s.in_height + x_row) * s.in_width * kBlock + of.first;
    const Stored<Numbers>* dy_first =
        dy(chunk.image) +
        (std::ptrdiff_t(of.out_block) * s.out_height + rows.begin) * s.out_width * kBlock;
    const std::ptrdiff_t x_rows = std::ptrdiff_t(s.stride_height) * s.in_width * kBlock;
    for (int kx = 0; kx < s.kernel_width; ++kx) {
      const Range columns = taps.columns[kx];
      if (columns.size() == 0) continue;
      const std::ptrdiff_t column = columns.begin * s.stride_width + tap_column(s, kx);
      Stretch n{chunk.images, rows.size(), columns.size()};
      // Rows that touch in both are one.
      if (s.stride_height == 1 && s.stride_width == 1 && n.pixels == s.in_width &&
          n.pixels == s.out_width)
        n.pixels *= n.rows, n.rows = 1;
      add_some_products<Numbers, Isa>(
          of.count, n, {x_first + column * kBlock, x.pitch, x_rows, s.stride_width * kBlock}, 1,
          {dy_first + columns.begin * kBlock, dy.pitch, s.out_width * kBlock, kBlock},
          sums_of(of, kx));
    }
  }

  void store(const Item& of, Sum<Numbers>* dw) const {
    const int outputs = std::min(kBlock, s.out_channels - of.out_block * kBlock);
    for (int o = 0; o < outputs; ++o)
      for (int i = 0; i < of.count; ++i) {
        const std::ptrdiff_t from = std::ptrdiff_t(of.out_block * kBlock + o) * inputs() +
                                    of.in_block * kBlock + of.first + i;
        Sum<Numbers>* to = dw + (from * s.kernel_height + of.ky) * s.kernel_width;
        for (int kx = 0; kx < s.kernel_width; ++kx) to[kx] = sums_of(of, kx)[i * kBlock + o];
      }
  }

  void run(const Member& t, Sum<Numbers>* dw) const {
    const Share mine = share(t, items());
    for (auto i = mine.begin; i < mine.end; ++i) clear(item(i));
    each_chunk(s, x.images, kPixels, [&](const Chunk& chunk) {
      for (auto i = mine.begin; i < mine.end; ++i) add(item(i), chunk);
    });
    for (auto i = mine.begin; i < mine.end; ++i) store(item(i), dw);
  }
};

struct BlockedWeights {
  // Several groups must fill blocks.
  static constexpr bool fits(const Conv& s) {
    if (s.planar_input) return false;
    return s.group_count == 1 || (s.in_channels / s.group_count % kBlock == 0 &&
                                  s.out_channels / s.group_count % kBlock == 0);
  }

  template <class Numbers = F32>
  static constexpr std::size_t workspace(const Conv& s) {
    const std::size_t taps = std::size_t(s.kernel_height) * s.kernel_width;
    const std::size_t pairs =
        std::size_t(blocks_of(s.out_channels)) * blocks_of(s.in_channels / s.group_count);
    return workspace_bytes(pairs * taps * kBlock * kBlock, sizeof(Sum<Numbers>));
  }

  template <const Conv& S, class Numbers, class Isa>
  static void run(Member& t, Batch<const Stored<Numbers>> x, Batch<const Stored<Numbers>> dy,
                  Sum<Numbers>* workspace, Sum<Numbers>* dw) {
    BlockedWeightSums<Numbers, Isa>{S, ranges_of<S>(), x, dy, workspace}.run(t, dw);
  }
};

}  // namespace incept::cpu
