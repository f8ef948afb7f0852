// Direct convolution with a compile-time shape. The input gets its border (border.hpp), the output
// is cut into tiles of a few blocks by a few pixels (tile.hpp), and the members of the team claim
// stretches of them.
#pragma once

#include <algorithm>

#include "../conv.hpp"
#include "border.hpp"
#include "segments.hpp"
#include "tile.hpp"

namespace incept::cpu {

// How the output plane is cut into tiles, strip after strip: output rows, or single stretches of
// pixels where the convolution is pointwise and the plane is one long row.
struct DirectCut {
  bool pointwise;
  // A row falls into `stretches`: the first `longer` of length + 1 pixels, the others of `length`.
  int stretches, length, longer;
  int strips;
  int rows;  // Several short rows make one tile; those left over are halved until they fit.

  // Work is counted in tiles' strips, so that no stretch of it cuts a tile.
  constexpr int units() const { return ceil_div(strips, rows); }
};

constexpr DirectCut direct_cut(const Conv& s, int pixels) {
  const bool pointwise = is_pointwise(s);
  const int width = pointwise ? s.out_height * s.out_width : s.out_width;
  const int stretches = ceil_div(width, pixels);
  const int rows = pointwise || stretches > 1 ? 1 : std::min(pixels / width, s.out_height);
  return {pointwise,
          stretches,
          width / stretches,
          width % stretches,
          pointwise ? stretches : s.out_height,
          rows};
}

constexpr int group_blocks(const Conv& s) {
  return blocks(s) / s.group_count;
}

// Computes strips for OB output blocks of one group: the blocks' packed weights, bias and outputs.
template <const Conv& S, int LANES, int OB, int PIXELS, class Numbers, class Isa>
struct DirectStrips {
  static constexpr DirectCut kCut = direct_cut(S, PIXELS);
  const Sum<Numbers>* in;
  const Sum<Numbers>* weights;
  const Sum<Numbers>* bias;
  Added<S, Numbers> added;
  Following<Sum<Numbers>> following;
  Output<S, Numbers> out[OB];  // Each block's plane.

  template <int ROWS, int WIDTH>
  void tile(int y, int x) {
    Output<S, Numbers> to[OB];
    for (int b = 0; b < OB; ++b) to[b] = out[b] + (std::ptrdiff_t(y) * S.out_width + x) * kBlock;
    ConvTile<S, LANES, OB, ROWS, WIDTH, Numbers, Isa>::run(
        in + y * S.stride_height * row_pitch(S, LANES) + x * S.stride_width * pixel_pitch(LANES),
        weights, bias, to, added, following);
  }

  template <int ROWS>
  void stretch(int y, int index) {
    const int x = index * kCut.length + std::min(index, kCut.longer);
    if constexpr (kCut.longer > 0)
      if (index < kCut.longer) return tile<ROWS, kCut.length + 1>(y, x);
    tile<ROWS, kCut.length>(y, x);
  }

  template <int ROWS>
  void rows(int y, int end) {
    for (; y + ROWS <= end; y += ROWS)
      for (int index = 0; index < kCut.stretches; ++index) stretch<ROWS>(y, index);
    if constexpr (ROWS > 1) rows<ROWS / 2>(y, end);
  }

  void strips(int begin, int end) {
    if constexpr (kCut.pointwise)
      for (; begin < end; ++begin) stretch<1>(0, begin);
    else
      rows<kCut.rows>(begin, end);
  }
};

// The strips of blocks [first, first + OB) that lie in a stretch [begin, end) of all work, counted
// in blocks x units. Floors fall alike for neighbours, so every strip is of one stretch.
template <const Conv& S, int LANES, int OB, int PIXELS, class Numbers, class Isa>
void direct_blocks(Share stretch, int first, const Sum<Numbers>* in, const Sum<Numbers>* weights,
                   const Sum<Numbers>* bias, Stored<Numbers>* const* outs,
                   Added<S, Numbers> added) {
  using Strips = DirectStrips<S, LANES, OB, PIXELS, Numbers, Isa>;
  constexpr DirectCut cut = Strips::kCut;
  constexpr std::ptrdiff_t units = cut.units();
  const auto strip_at = [&](std::ptrdiff_t work) {
    const auto unit = std::clamp<std::ptrdiff_t>((work - first * units) / OB, 0, units);
    return std::min(static_cast<int>(unit) * cut.rows, cut.strips);
  };
  const int begin = strip_at(stretch.begin), end = strip_at(stretch.end);
  if (begin >= end) return;
  constexpr std::ptrdiff_t inputs = S.in_channels / S.group_count;
  constexpr std::ptrdiff_t per_block = inputs * S.kernel_height * S.kernel_width * kBlock;
  constexpr int blocks_of_group = group_blocks(S);
  const int group = first / blocks_of_group;
  // Of the weights that follow each stretch asks for the part that it has of these blocks' work.
  const std::ptrdiff_t count = std::min(OB, blocks(S) - first - OB) * per_block;
  const Sum<Numbers>* const next =
      weights + (first + OB) * per_block + count * begin / cut.strips / kBlock * kBlock;
  const std::ptrdiff_t tiles =
      std::max(1, (end - begin) / cut.rows) * (cut.pointwise ? 1 : cut.stretches);
  const std::ptrdiff_t asks = tiles * ceil_div(inputs, LANES) * S.kernel_height;
  Strips work{in + group * (inputs / kBlock) * block_pitch(S, LANES),
              weights + first * per_block,
              bias + first * kBlock,
              added,
              Following<Sum<Numbers>>(next, count * (end - begin) / cut.strips, asks),
              {}};
  for (int b = 0; b < OB; ++b) work.out[b] = block_plane<S, Numbers, Isa>(outs, first + b);
  work.strips(begin, end);
}

// BLOCKS output blocks of 16 channels by up to PIXELS output pixels in registers at once.
template <int BLOCKS, int PIXELS>
struct Direct : PaddedBias {
  // Several groups must fill blocks; merged siblings have no groups.
  static constexpr bool fits(const Conv& s) {
    if (s.group_count == 1) return true;
    return s.segments == 1 && s.in_channels / s.group_count % kBlock == 0 &&
           s.out_channels / s.group_count % kBlock == 0;
  }

  // Lanes of one input block as the tiles read it: a planar image of few channels is interleaved.
  static constexpr int lanes(const Conv& s) {
    return s.planar_input && s.in_channels < kBlock ? s.in_channels : kBlock;
  }

  static constexpr std::size_t packed_weights(const Conv& s) {
    const std::size_t taps = std::size_t(s.kernel_height) * s.kernel_width;
    return taps * (s.in_channels / s.group_count) * kBlock * blocks(s);
  }

  template <class Numbers = F32>
  static constexpr std::size_t workspace(const Conv& s) {
    return copy_bytes<Sum<Numbers>, Numbers>(s, lanes(s));
  }

  // Tiles of BLOCKS blocks in one plane, where one member computes it.
  static constexpr int tiles(const Conv& s) {
    const DirectCut cut = direct_cut(s, PIXELS);
    int count = 0;
    for (int left = cut.pointwise ? 1 : s.out_height, rows = cut.rows; rows > 0; rows /= 2) {
      count += left / rows * cut.stretches;
      left %= rows;
    }
    return count;
  }

  // [output blocks / BLOCKS][input blocks][kernel height][kernel width][input lanes][BLOCKS * 16],
  // for each group; the last stretch of output blocks may be shorter, the last input block has just
  // the lanes that there are.
  template <class Numbers = F32>
  static void pack(const Conv& s, const float* weight, Sum<Numbers>* packed) {
    const int inputs = s.in_channels / s.group_count, taps = s.kernel_height * s.kernel_width;
    const std::vector<int> channels = lane_channels(s);
    for (int first = 0, count; first < blocks(s); first += count) {
      count = std::min(BLOCKS, group_blocks(s) - first % group_blocks(s));
      for (int block = 0; block < inputs; block += lanes(s))
        for (int tap = 0; tap < taps; ++tap)
          for (int i = block; i < std::min(block + lanes(s), inputs); ++i)
            for (int o = first * kBlock; o < (first + count) * kBlock; ++o)
              *packed++ = channels[o] < 0
                              ? 0
                              : weight[(std::ptrdiff_t(channels[o]) * inputs + i) * taps + tap];
    }
  }

  template <const Conv& S, class Numbers, class Isa>
  static void run(Member& t, const ConvInput<S, Numbers>* from, const Sum<Numbers>* weights,
                  const Sum<Numbers>* bias, Sum<Numbers>* workspace, Stored<Numbers>* const* outs,
                  Added<S, Numbers> added) {
    constexpr int count = group_blocks(S), at_once = std::min(BLOCKS, count),
                  rest = count % at_once;
    constexpr std::ptrdiff_t work = std::ptrdiff_t(blocks(S)) * direct_cut(S, PIXELS).units();
    constexpr int input_lanes = lanes(S);
    const Sum<Numbers>* in =
        with_border<S, input_lanes, Sum<Numbers>, Numbers, Isa>(t, from, workspace);
    constexpr std::ptrdiff_t plane = std::ptrdiff_t(S.out_height) * S.out_width;
    constexpr std::ptrdiff_t multiplies =
        plane * (S.in_channels / S.group_count) * S.kernel_height * S.kernel_width;
    for (const Share stretch : t.stretches(work, enough(multiplies * blocks(S) / work)))
      for (int group = 0; group < S.group_count; ++group) {
        int block = group * count;
        const int end = block + count - rest;
        for (; block < end; block += at_once)
          direct_blocks<S, input_lanes, at_once, PIXELS, Numbers, Isa>(stretch, block, in, weights,
                                                                       bias, outs, added);
        if constexpr (rest > 0)
          direct_blocks<S, input_lanes, rest, PIXELS, Numbers, Isa>(stretch, block, in, weights,
                                                                    bias, outs, added);
      }
  }
};

}  // namespace incept::cpu
