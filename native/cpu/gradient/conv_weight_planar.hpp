// The derivative by the weight from a planar image of few channels, which a network's input is: the
// rows that a chunk sees are interleaved with their border, so that the numbers under a row of taps
// lie side by side and are multiplied as if they were channels.
#pragma once

#include "conv_weight.hpp"

namespace incept::cpu {

struct PlanarWeights {
  static constexpr int kPixels = 512;

  // Output rows of a chunk, and the numbers that their windows see.
  static constexpr int rows(const Conv& s) {
    return std::clamp(kPixels / s.out_width, 1, s.out_height);
  }
  static constexpr std::ptrdiff_t row_numbers(const Conv& s) {
    return std::ptrdiff_t(s.padded_width()) * s.in_channels;
  }
  static constexpr std::ptrdiff_t seen_rows(const Conv& s, int rows) {
    return (rows - 1) * s.stride_height + (s.kernel_height - 1) * s.dilation_height + 1;
  }

  // Every member interleaves for itself, on its stack.
  static constexpr bool fits(const Conv& s) {
    return s.planar_input && s.group_count == 1 &&
           seen_rows(s, rows(s)) * row_numbers(s) <= 1 << 16;
  }

  // Numbers under a row of taps that lie side by side: of all taps, or of one that is apart.
  static constexpr int adjacent(const Conv& s) {
    return s.dilation_width == 1 ? s.kernel_width * s.in_channels : s.in_channels;
  }
  static constexpr int row_sums(const Conv& s) { return s.kernel_width * s.in_channels; }

  // [out blocks][kernel height][kernel width][in][16]
  template <class Numbers = F32>
  static constexpr std::size_t workspace(const Conv& s) {
    const std::size_t taps = std::size_t(s.kernel_height) * row_sums(s);
    return workspace_bytes(blocks_of(s.out_channels) * taps * kBlock, sizeof(Sum<Numbers>));
  }

  // The rows from `first` on, zeros where there is no image.
  template <const Conv& S, class Number>
  static void interleave(const Number* x, int first, std::ptrdiff_t count, Number* to) {
    constexpr std::ptrdiff_t plane = std::ptrdiff_t(S.in_height) * S.in_width;
    std::fill(to, to + count * row_numbers(S), Number{});
    for (std::ptrdiff_t row = 0; row < count; ++row, to += row_numbers(S)) {
      const std::ptrdiff_t y = first + row;
      if (y < 0 || y >= S.in_height) continue;
      for (int c = 0; c < S.in_channels; ++c)
        for (int column = 0; column < S.in_width; ++column)
          to[(S.pad_left + column) * S.in_channels + c] = x[c * plane + y * S.in_width + column];
    }
  }

  template <const Conv& S, class Numbers, class Isa>
  static void run(Member& t, Batch<const Stored<Numbers>> x, Batch<const Stored<Numbers>> dy,
                  Sum<Numbers>* workspace, Sum<Numbers>* dw) {
    constexpr Tiles tiles{adjacent(S), kMostSingles<Isa>};
    constexpr int stretches = row_sums(S) / adjacent(S), in_row = tiles.tiles() * stretches;
    // Tiles of a row of taps, for each block of output channels.
    const Share mine =
        share(t, std::ptrdiff_t(blocks_of(S.out_channels)) * S.kernel_height * in_row);
    const auto first_sum = [&](std::ptrdiff_t item) {
      const int tile = static_cast<int>(item % tiles.tiles());
      return item / tiles.tiles() * adjacent(S) + tiles.begin(tile);
    };
    Sum<Numbers>* const sums = workspace + first_sum(mine.begin) * kBlock;
    std::fill(sums, workspace + first_sum(mine.end) * kBlock, Sum<Numbers>{});
    Stored<Numbers> seen[seen_rows(S, rows(S)) * row_numbers(S)];
    for (int image = 0; image < x.images; ++image)
      each_chunk(S, 1, kPixels, [&](const Chunk& chunk) {
        interleave<S>(x(image), chunk.rows.begin * S.stride_height - S.pad_top,
                      seen_rows(S, chunk.rows.size()), seen);
        for (auto item = mine.begin; item < mine.end; ++item) {
          const int tile = static_cast<int>(item % tiles.tiles());
          const std::ptrdiff_t stretch = item / tiles.tiles() % stretches;
          const std::ptrdiff_t ky = item / in_row % S.kernel_height;
          const std::ptrdiff_t block = item / in_row / S.kernel_height;
          const Stored<Numbers>* from = seen + ky * S.dilation_height * row_numbers(S) +
                                        stretch * S.dilation_width * S.in_channels +
                                        tiles.begin(tile);
          const Stored<Numbers>* to =
              dy(image) + (block * S.out_height + chunk.rows.begin) * S.out_width * kBlock;
          add_some_products<Numbers, Isa>(
              tiles.size(tile), {1, chunk.rows.size(), S.out_width},
              {from, 0, S.stride_height * row_numbers(S), S.stride_width * S.in_channels}, 1,
              {to, 0, S.out_width * kBlock, kBlock}, workspace + first_sum(item) * kBlock);
        }
      });
    for (auto item = mine.begin; item < mine.end; ++item)
      for (int i = 0; i < tiles.size(static_cast<int>(item % tiles.tiles())); ++i)
        store<S, Numbers>(workspace, first_sum(item) + i, dw);
  }

  // One tap and input channel, for a block of output channels.
  template <const Conv& S, class Numbers>
  static void store(const Sum<Numbers>* sums, std::ptrdiff_t index, Sum<Numbers>* dw) {
    const std::ptrdiff_t in = index % S.in_channels, kx = index / S.in_channels % S.kernel_width;
    const std::ptrdiff_t ky = index / row_sums(S) % S.kernel_height;
    const std::ptrdiff_t first = index / row_sums(S) / S.kernel_height * kBlock;
    for (std::ptrdiff_t o = first; o < std::min<std::ptrdiff_t>(first + kBlock, S.out_channels);
         ++o)
      dw[((o * S.in_channels + in) * S.kernel_height + ky) * S.kernel_width + kx] =
          sums[index * kBlock + o - first];
  }
};

}  // namespace incept::cpu
