// Winograd's convolution: an output tile of HEIGHT x WIDTH pixels for (HEIGHT + kernel height - 1)
// x (WIDTH + kernel width - 1) products a pair of channels, where the direct one takes HEIGHT x
// WIDTH x kernel height x kernel width. winograd/points.hpp has the mathematics.
//
// A stretch of tiles goes through all of it while it is in the caches: its inputs to the points,
// for every BLOCKS output blocks the products at all points, and those to outputs at once. What a
// tile's outputs are does not hang on its stretch. A number that is not finite makes its whole tile
// NaN.
#pragma once

#include <algorithm>
#include <type_traits>
#include <vector>

#include "../conv.hpp"
#include "../epilogue.hpp"
#include "segments.hpp"
#include "winograd/filter.hpp"
#include "winograd/product.hpp"
#include "winograd/transform.hpp"

namespace incept::cpu {

// What members share out: tiles, each with its own inputs at the points; or output blocks, of
// inputs that all have brought to the points together, so that each member reads its own weights
// alone.
enum class WinogradShare { kTiles, kBlocks };

// Inputs of one tile and one block of channels to the points. `in` is the plane of the block, the
// tile's first input at (y, x), which may lie outside: there zeros are. Point i goes to out + i *
// pitch.
template <int HEIGHT, int WIDTH, int KERNEL_HEIGHT, int KERNEL_WIDTH, class Numbers, class Isa>
struct WinogradInput {
  using Rows = WinogradSide<HEIGHT, KERNEL_HEIGHT, Numbers, Isa>;
  using Columns = WinogradSide<WIDTH, KERNEL_WIDTH, Numbers, Isa>;
  using Simd = cpu::Simd<Numbers, Isa>;
  using Vec = cpu::Vec<Numbers, Isa>;
  using Sum = cpu::Sum<Numbers>;

  static constexpr int kHeight = Rows::kSize, kWidth = Columns::kSize;

  template <class Number>
  static void run(const Number* in, int height, int width, int y, int x, Sum* out,
                  std::ptrdiff_t pitch) {
    alignas(64) static constexpr Number outside[kWidth * kBlock] = {};
    const Number* rows[kHeight];
    for (int row = 0; row < kHeight; ++row)
      rows[row] = y + row >= 0 && y + row < height
                      ? in + (std::ptrdiff_t(y + row) * width + x) * kBlock
                      : outside;
    INCEPT_NO_UNROLL
    for (int part = 0; part < kParts<Isa>; ++part, out += Isa::kLanes) {
      Vec turned[kHeight][kWidth];
      INCEPT_NO_UNROLL
      for (int column = 0; column < kWidth; ++column) {
        const bool inside = x + column >= 0 && x + column < width;
        const std::ptrdiff_t at = column * kBlock + part * Isa::kLanes;
        Vec values[kHeight], points[kHeight];
        INCEPT_UNROLL
        for (int row = 0; row < kHeight; ++row)
          values[row] = Simd::load((inside ? rows[row] : outside) + at);
        Rows::input(values, points);
        INCEPT_UNROLL
        for (int row = 0; row < kHeight; ++row) turned[row][column] = points[row];
      }
      Sum* to = out;
      INCEPT_NO_UNROLL
      for (int row = 0; row < kHeight; ++row) {
        Vec points[kWidth];
        Columns::input(turned[row], points);
        INCEPT_UNROLL
        for (int column = 0; column < kWidth; ++column, to += pitch) Simd::put(to, points[column]);
      }
    }
  }
};

// HEIGHT x WIDTH outputs a tile, BLOCKS output blocks at once, stretches of at most TILES tiles.
template <int HEIGHT, int WIDTH, int BLOCKS, int TILES, WinogradShare SHARE>
struct Winograd : PaddedBias {
  static constexpr bool fits(const Conv& s) {
    return s.group_count == 1 && !s.planar_input && s.stride_height == 1 && s.stride_width == 1 &&
           s.dilation_height == 1 && s.dilation_width == 1 &&
           has_points(HEIGHT, WIDTH, s.kernel_height, s.kernel_width) &&
           member_bytes(s) <= kMemberScratch;
  }

  static constexpr int points(const Conv& s) {
    return (HEIGHT + s.kernel_height - 1) * (WIDTH + s.kernel_width - 1);
  }
  static constexpr int columns(const Conv& s) { return ceil_div(s.out_width, WIDTH); }
  static constexpr int tiles(const Conv& s) { return ceil_div(s.out_height, HEIGHT) * columns(s); }
  static constexpr int at_once(const Conv& s) { return std::min(TILES, tiles(s)); }

  static constexpr std::size_t packed_weights(const Conv& s) {
    return std::size_t(points(s)) * s.in_channels * kBlock * blocks(s);
  }

  // Numbers of so many tiles' inputs at the points.
  static constexpr std::size_t turned_inputs(const Conv& s, int count) {
    return std::size_t(points(s)) * blocks_of(s.in_channels) * kBlock * count;
  }
  static constexpr std::size_t products(const Conv& s) {
    return std::size_t(points(s)) * at_once(s) * BLOCKS * kBlock;
  }

  static constexpr std::size_t member_bytes(const Conv& s) {
    const std::size_t inputs = SHARE == WinogradShare::kTiles ? turned_inputs(s, at_once(s)) : 0;
    return 4 * (inputs + products(s));
  }

  template <class Numbers = F32>
  static constexpr std::size_t workspace(const Conv& s) {
    if (SHARE == WinogradShare::kTiles) return 0;
    return workspace_bytes(turned_inputs(s, tiles(s)), sizeof(Sum<Numbers>));
  }

  // [output blocks / BLOCKS][points][inputs][BLOCKS * 16]; the last stretch of blocks may be
  // shorter.
  template <class Numbers = F32>
  static void pack(const Conv& s, const float* weight, Sum<Numbers>* packed) {
    const std::vector<int> channels = lane_channels(s);
    const WinogradFilter filter(s, HEIGHT, WIDTH);
    for (int first = 0, count; first < blocks(s); first += count) {
      count = std::min(BLOCKS, blocks(s) - first);
      const std::size_t pitch = std::size_t(s.in_channels) * count * kBlock;
      for (int b = 0; b < count; ++b)
        for (int i = 0; i < s.in_channels; ++i)
          filter.template pack<Numbers>(weight, &channels[(first + b) * kBlock], i,
                                        packed + (std::ptrdiff_t(i) * count + b) * kBlock, pitch);
      packed += points(s) * pitch;
    }
  }

  // `in` is blocked, of numbers as images are stored or as sums are.
  template <const Conv& S, class Numbers, class Isa, class Number>
  static void run(Member& t, const Number* in, const Sum<Numbers>* weights,
                  const Sum<Numbers>* bias, Sum<Numbers>* workspace, Stored<Numbers>* const* outs,
                  Added<S, Numbers> added) {
    auto* scratch = reinterpret_cast<Sum<Numbers>*>(t.scratch());
    constexpr int groups = ceil_div(blocks(S), BLOCKS);
    if constexpr (SHARE == WinogradShare::kTiles) {
      Sum<Numbers>* sums = scratch + turned_inputs(S, at_once(S));
      // Each piece reads all weights: as few as there are members, where the tiles are few.
      for (const auto [begin, end] :
           t.stretches(tiles(S), std::clamp(tiles(S) / t.size(), 1, TILES)))
        stretches(begin, end, [&](int first, int count) {
          for (int block = 0; block < blocks_of(S.in_channels); ++block)
            inputs<S, Numbers, Isa>(in, block, first, first + count, first, count, scratch);
          for (int group = 0; group < groups; ++group)
            outputs<S, Numbers, Isa>(group, scratch, count, 0, first, count, weights, bias, sums,
                                     outs, added);
        });
    } else {
      for (auto [item, end] : t.stretches(std::ptrdiff_t(blocks_of(S.in_channels)) * tiles(S)))
        while (item < end) {
          const int block = int(item / tiles(S)), first = int(item % tiles(S));
          const int last = int(std::min<std::ptrdiff_t>(tiles(S), first + (end - item)));
          inputs<S, Numbers, Isa>(in, block, first, last, 0, tiles(S), workspace);
          item += last - first;
        }
      t.barrier();
      for (const Share mine : t.stretches(groups))
        for (auto group = mine.begin; group < mine.end; ++group)
          stretches(0, tiles(S), [&](int first, int count) {
            outputs<S, Numbers, Isa>(int(group), workspace, tiles(S), first, first, count, weights,
                                     bias, scratch, outs, added);
          });
    }
  }

 private:
  // Calls `work(first, count)` for as even stretches of [begin, end) as there are of at most TILES.
  template <class Work>
  static void stretches(std::ptrdiff_t begin, std::ptrdiff_t end, Work&& work) {
    const std::ptrdiff_t all = end - begin, count = (all + TILES - 1) / TILES;
    for (std::ptrdiff_t i = 0; i < count; ++i) {
      const std::ptrdiff_t first = all * i / count;
      work(int(begin + first), int(all * (i + 1) / count - first));
    }
  }

  // Tiles [first, last) of an input block, of which tile `origin` lies first in `turned`:
  // [points][input blocks][pitch tiles][16].
  template <const Conv& S, class Numbers, class Isa, class Number>
  static void inputs(const Number* in, int block, int first, int last, int origin, int pitch,
                     Sum<Numbers>* turned) {
    using Input = WinogradInput<HEIGHT, WIDTH, S.kernel_height, S.kernel_width, Numbers, Isa>;
    constexpr int inputs = blocks_of(S.in_channels);
    const Number* plane = in + std::ptrdiff_t(block) * S.in_height * S.in_width * kBlock;
    for (int tile = first; tile < last; ++tile) {
      const int y = tile / columns(S) * HEIGHT - S.pad_top,
                x = tile % columns(S) * WIDTH - S.pad_left;
      Input::run(plane, S.in_height, S.in_width, y, x,
                 turned + (std::ptrdiff_t(block) * pitch + tile - origin) * kBlock,
                 std::ptrdiff_t(inputs) * pitch * kBlock);
    }
  }

  // A group of output blocks of `count` tiles, the first of which is tile `tile` of the image and
  // `from` of `turned`.
  template <const Conv& S, class Numbers, class Isa>
  static void outputs(int group, const Sum<Numbers>* turned, int pitch, int from, int tile,
                      int count, const Sum<Numbers>* weights, const Sum<Numbers>* bias,
                      Sum<Numbers>* sums, Stored<Numbers>* const* outs, Added<S, Numbers> added) {
    constexpr int whole = blocks(S) / BLOCKS, rest = blocks(S) % BLOCKS;
    weights += std::size_t(group) * BLOCKS * points(S) * S.in_channels * kBlock;
    const auto all = [&](auto width) {
      constexpr int own = decltype(width)::value;
      multiply<S, own, Numbers, Isa>(turned, pitch, from, count, weights, sums);
      for (int b = 0; b < own; ++b) {
        const int block = group * BLOCKS + b;
        const Output<S, Numbers> plane = block_plane<S, Numbers, Isa>(outs, block);
        for (int i = 0; i < count; ++i)
          output<S, own, Numbers, Isa>(tile + i, sums + (std::ptrdiff_t(i) * own + b) * kBlock,
                                       std::ptrdiff_t(count) * own * kBlock, bias + block * kBlock,
                                       plane, added);
      }
    };
    if constexpr (whole > 0)
      if (group < whole) return all(std::integral_constant<int, BLOCKS>{});
    if constexpr (rest > 0) all(std::integral_constant<int, rest>{});
  }

  // The products at all points: `sums` is [points][count tiles][own * 16].
  template <const Conv& S, int own, class Numbers, class Isa>
  static void multiply(const Sum<Numbers>* turned, int pitch, int from, int count,
                       const Sum<Numbers>* weights, Sum<Numbers>* sums) {
    constexpr int inputs = blocks_of(S.in_channels);
    for (int point = 0; point < points(S); ++point) {
      WinogradProduct<own, Numbers, Isa>::run(
          {turned + (std::ptrdiff_t(point) * inputs * pitch + from) * kBlock, weights, sums,
           std::ptrdiff_t(pitch) * kBlock, S.in_channels},
          count);
      weights += std::ptrdiff_t(S.in_channels) * own * kBlock;
      sums += std::ptrdiff_t(count) * own * kBlock;
    }
  }

  // A tile's sums of one output block, `pitch` apart, to its outputs inside of the image.
  template <const Conv& S, int own, class Numbers, class Isa>
  static void output(int tile, const Sum<Numbers>* sums, std::ptrdiff_t pitch,
                     const Sum<Numbers>* bias, Output<S, Numbers> plane, Added<S, Numbers> added) {
    using Rows = WinogradSide<HEIGHT, S.kernel_height, Numbers, Isa>;
    using Columns = WinogradSide<WIDTH, S.kernel_width, Numbers, Isa>;
    using Simd = cpu::Simd<Numbers, Isa>;
    using Vec = cpu::Vec<Numbers, Isa>;
    const int y = tile / columns(S) * HEIGHT, x = tile % columns(S) * WIDTH;
    const int height = std::min(HEIGHT, S.out_height - y), width = std::min(WIDTH, S.out_width - x);
    Output<S, Numbers> to = plane + (std::ptrdiff_t(y) * S.out_width + x) * kBlock;
    INCEPT_NO_UNROLL
    for (int part = 0; part < kParts<Isa>; ++part, sums += Isa::kLanes, to += Isa::kLanes) {
      Vec turned[HEIGHT][Columns::kSize];
      INCEPT_NO_UNROLL
      for (int column = 0; column < Columns::kSize; ++column) {
        Vec in[Rows::kSize], out[HEIGHT];
        INCEPT_UNROLL
        for (int row = 0; row < Rows::kSize; ++row)
          in[row] = Simd::at(sums + (row * Columns::kSize + column) * pitch);
        Rows::output(in, out);
        INCEPT_UNROLL
        for (int row = 0; row < HEIGHT; ++row) turned[row][column] = out[row];
      }
      const Vec start = Epilogue<S, Numbers, Isa>::start(bias + part * Isa::kLanes);
      INCEPT_NO_UNROLL
      for (int row = 0; row < height; ++row) {
        Vec out[WIDTH];
        Columns::output(turned[row], out);
        INCEPT_UNROLL
        for (int column = 0; column < WIDTH; ++column)
          if (column < width)
            Epilogue<S, Numbers, Isa>::finish(
                out[column] + start, to + (std::ptrdiff_t(row) * S.out_width + column) * kBlock,
                added);
      }
    }
  }
};

}  // namespace incept::cpu
