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

  // A block of which no more than half are channels takes half the registers.
  static constexpr int kHalf = std::max(1, kParts<Isa> / 2);
  int outputs(int out_block) const { return std::min(kBlock, s.out_channels - out_block * kBlock); }
  bool fits_half(int out_block) const { return outputs(out_block) <= kHalf * Isa::kLanes; }

  // What a member has to itself: some input channels of one tap, for a block of output channels.
  struct Item {
    int out_block, in_block, ky, kx, first, count;
  };
  static constexpr int kTiles = Tiles{kBlock, kMostSingles<Isa>}.tiles();

  int taps_of_block() const { return s.kernel_height * s.kernel_width; }
  std::ptrdiff_t items() const {
    return std::ptrdiff_t(blocks_of(s.out_channels)) * in_blocks() * taps_of_block() * kTiles;
  }

  // Calls `function(item)` for a share of them, counting up: a division each would cost as much as
  // some products. Those of one row of taps come one after another, since they read the same.
  template <class Function>
  void each_item(const Share& mine, Function&& function) const {
    std::ptrdiff_t rest = mine.begin;
    const auto digit = [&](int base) {
      const auto low = static_cast<int>(rest % base);
      rest /= base;
      return low;
    };
    int kx = digit(s.kernel_width), tile = digit(kTiles), ky = digit(s.kernel_height);
    int in_block = digit(in_blocks()), out_block = static_cast<int>(rest);
    for (auto i = mine.begin; i < mine.end; ++i) {
      const int most = fits_half(out_block) ? kMostSingles<Isa, kHalf> : kMostSingles<Isa>;
      const Tiles channels{std::min(kBlock, inputs() - in_block * kBlock), most};
      if (tile < channels.tiles())
        function(Item{out_block, in_block, ky, kx, channels.begin(tile), channels.size(tile)});
      if (++kx < s.kernel_width) continue;
      kx = 0;
      if (++tile < kTiles) continue;
      tile = 0;
      if (++ky < s.kernel_height) continue;
      ky = 0;
      if (++in_block < in_blocks()) continue;
      in_block = 0, ++out_block;
    }
  }

  // [count][16]
  Sum<Numbers>* sums_of(const Item& of) const {
    const std::ptrdiff_t pair = std::ptrdiff_t(of.out_block) * in_blocks() + of.in_block;
    const std::ptrdiff_t tap = pair * taps_of_block() + of.ky * s.kernel_width + of.kx;
    return sums + (tap * kBlock + of.first) * kBlock;
  }

  void clear(const Item& of) const { std::fill_n(sums_of(of), of.count * kBlock, Sum<Numbers>{}); }

  void add(const Item& of, const Chunk& chunk) const {
    const Range rows = taps.rows[of.ky].within(chunk.rows), columns = taps.columns[of.kx];
    if (rows.size() == 0 || columns.size() == 0) return;
    const std::ptrdiff_t x_block = group_of(of.out_block) * (inputs() / kBlock) + of.in_block;
    const std::ptrdiff_t x_row = rows.begin * s.stride_height + tap_row(s, of.ky);
    const Stored<Numbers>* x_first =
        x(chunk.image) + (x_block * s.in_height + x_row) * s.in_width * kBlock + of.first;
    const Stored<Numbers>* dy_first =
        dy(chunk.image) +
        (std::ptrdiff_t(of.out_block) * s.out_height + rows.begin) * s.out_width * kBlock;
    const std::ptrdiff_t x_rows = std::ptrdiff_t(s.stride_height) * s.in_width * kBlock;
    const std::ptrdiff_t column = columns.begin * s.stride_width + tap_column(s, of.kx);
    Stretch n{chunk.images, rows.size(), columns.size()};
    // Rows that touch in both are one.
    if (s.stride_height == 1 && s.stride_width == 1 && n.pixels == s.in_width &&
        n.pixels == s.out_width)
      n.pixels *= n.rows, n.rows = 1;
    const Walk<Stored<Numbers>> singles = {x_first + column * kBlock, x.pitch, x_rows,
                                           s.stride_width * kBlock};
    const Walk<Stored<Numbers>> blocks = {dy_first + columns.begin * kBlock, dy.pitch,
                                          s.out_width * kBlock, kBlock};
    if (fits_half(of.out_block))
      add_some_products<Numbers, Isa, kHalf>(of.count, n, singles, 1, blocks, sums_of(of));
    else
      add_some_products<Numbers, Isa>(of.count, n, singles, 1, blocks, sums_of(of));
  }

  void store(const Item& of, Sum<Numbers>* dw) const {
    for (int o = 0; o < outputs(of.out_block); ++o)
      for (int i = 0; i < of.count; ++i) {
        const std::ptrdiff_t from = std::ptrdiff_t(of.out_block * kBlock + o) * inputs() +
                                    of.in_block * kBlock + of.first + i;
        dw[from * taps_of_block() + of.ky * s.kernel_width + of.kx] = sums_of(of)[i * kBlock + o];
      }
  }

  void run(const Member& t, Sum<Numbers>* dw) const {
    const Share mine = share(t, items());
    each_item(mine, [&](const Item& of) { clear(of); });
    each_chunk(s, x.images, kPixels, [&](const Chunk& chunk) {
      each_item(mine, [&](const Item& of) { add(of, chunk); });
    });
    each_item(mine, [&](const Item& of) { store(of, dw); });
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
