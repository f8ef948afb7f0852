// The heart of pointwise convolutions: stretches of pixels times packed weights, DEPTH input
// channels at a time, so that their weights stay in the nearest cache while they meet all of those
// pixels; sums wait in the output meanwhile.
#pragma once

#include <algorithm>

#include "../epilogue.hpp"
#include "direct.hpp"
#include "rank.hpp"
#include "segments.hpp"

namespace incept::cpu {

// COUNT pixels of the output, in stretches of at most PIXELS, times the weights of BLOCKS output
// blocks at once.
template <const Conv& S, int BLOCKS, int PIXELS, int DEPTH, int COUNT, class Numbers, class Isa>
struct PixelProducts {
  static_assert(DEPTH % kBlock == 0, "whole blocks of input channels");
  static_assert(std::is_same_v<cpu::Stored<Numbers>, cpu::Sum<Numbers>>, "sums wait in the output");
  using Stored = cpu::Stored<Numbers>;
  using Sum = cpu::Sum<Numbers>;

  static constexpr int kGroups = ceil_div(blocks(S), BLOCKS);
  static constexpr int kStretches = ceil_div(COUNT, PIXELS);

  const Stored* in;      // The first pixel's numbers,
  std::ptrdiff_t plane;  // and how far the next block's lie from them.
  std::ptrdiff_t first;  // Which pixel of the output that is.
  const Sum* weights;
  const Sum* bias;
  Stored* const* outs;
  Added<S, Numbers> added;

  // Stretches [begin, end) of those pixels, for some groups of BLOCKS output blocks.
  void run(int begin, int end, int first_group, int last_group) const {
    constexpr int whole = blocks(S) / BLOCKS, rest = blocks(S) % BLOCKS;
    for (int from = begin; from < end; from += kAtOnce) {
      const int to = std::min(end, from + kAtOnce);
      for (int group = first_group; group < last_group; ++group) {
        if (group < whole)
          blocks_of_group<BLOCKS>(from, to, group);
        else if constexpr (rest > 0)
          blocks_of_group<rest>(from, to, group);
      }
    }
  }

 private:
  // No sums wait in blocks that others store to.
  static constexpr int kDepth = S.apart ? blocks_of(S.in_channels) * kBlock : DEPTH;

  // Tiles of pixels that go through all weights together: what they read stays in the second cache.
  static constexpr int kAtOnce =
      std::max(4, int((512 << 10) / (4 * PIXELS * blocks_of(S.in_channels) * kBlock)));

  // The first kLonger stretches have kLength + 1 pixels, the others kLength.
  static constexpr int kLength = COUNT / kStretches, kLonger = COUNT % kStretches;

  // OB: blocks of this group.
  template <int OB>
  void blocks_of_group(int begin, int end, int group) const {
    const int block = group * BLOCKS;
    Output<S, Numbers> planes[OB];
    for (int b = 0; b < OB; ++b)
      planes[b] = block_plane<S, Numbers, Isa>(outs, block + b) + first * kBlock;
    const Sum* w = weights + std::ptrdiff_t(block) * kBlock * S.in_channels;
    for (int depth = 0; depth < S.in_channels; depth += kDepth) {
      const int left = S.in_channels - depth, inputs = std::min(kDepth, left);
      const Sum* next = w + std::ptrdiff_t(inputs) * OB * kBlock;
      // After the last channels the first ones of the next blocks follow.
      const int follow = std::min(kDepth, left > inputs ? left - inputs : S.in_channels);
      Ahead<Sum> ahead(next, follow, inputs * (end - begin));
      for (int index = begin; index < end; ++index) {
        const std::ptrdiff_t pixel = std::ptrdiff_t(index) * kLength + std::min(index, kLonger);
        if constexpr (kLonger > 0)
          if (index < kLonger) {
            tile<OB, kLength + 1>(depth, pixel, w, ahead, bias + block * kBlock, planes);
            continue;
          }
        tile<OB, kLength>(depth, pixel, w, ahead, bias + block * kBlock, planes);
      }
      w = next;
    }
  }

  template <int OB, int WIDTH>
  void tile(int depth, std::ptrdiff_t pixel, const Sum* w, Ahead<Sum>& ahead, const Sum* start,
            const Output<S, Numbers>* planes) const {
    using Epilogue = cpu::Epilogue<S, Numbers, Isa>;
    using Simd = cpu::Simd<Numbers, Isa>;
    constexpr int kVecs = OB * kParts<Isa>;
    Vec<Numbers, Isa> sum[WIDTH][kVecs];
    const auto at = [&](int p, int v) {
      return planes[v / kParts<Isa>] + (pixel + p) * kBlock + v % kParts<Isa> * Isa::kLanes;
    };
    INCEPT_UNROLL
    for (int p = 0; p < WIDTH; ++p) {
      INCEPT_UNROLL
      for (int v = 0; v < kVecs; ++v) {
        if constexpr (S.apart)
          sum[p][v] = Epilogue::start(start + v * Isa::kLanes);
        else
          sum[p][v] = depth == 0 ? Epilogue::start(start + v * Isa::kLanes) : Simd::load(at(p, v));
      }
    }
    const Stored* x = in + depth / kBlock * plane + pixel * kBlock;
    const int inputs = std::min(kDepth, S.in_channels - depth);
    INCEPT_NO_UNROLL
    for (int left = inputs; left >= kBlock; left -= kBlock, x += plane)
      w = add_products<WIDTH, OB, Numbers, Isa>(sum, x, w, kBlock, ahead);
    if constexpr (S.in_channels % kBlock != 0)
      add_products<WIDTH, OB, Numbers, Isa>(sum, x, w, inputs % kBlock, ahead);
    const bool last = depth + kDepth >= S.in_channels;
    INCEPT_UNROLL
    for (int p = 0; p < WIDTH; ++p) {
      INCEPT_UNROLL
      for (int v = 0; v < kVecs; ++v) {
        if (last)
          Epilogue::finish(sum[p][v], at(p, v), added);
        else if constexpr (!S.apart)
          Simd::store(at(p, v), sum[p][v]);
      }
    }
  }
};

}  // namespace incept::cpu
