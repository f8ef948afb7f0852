// 1x1 convolutions as products of packed weights: DEPTH input channels at a time, so that their
// weights stay in the nearest cache while they meet all pixels of a stretch of the image; sums wait
// in the output meanwhile.
#pragma once

#include <algorithm>

#include "../conv.hpp"
#include "../epilogue.hpp"
#include "direct.hpp"
#include "rank.hpp"
#include "segments.hpp"

namespace incept::cpu {

// BLOCKS output blocks by PIXELS pixels in registers, DEPTH input channels at a time.
template <int BLOCKS, int PIXELS, int DEPTH>
struct Pointwise : PaddedBias {
  static_assert(DEPTH % kBlock == 0, "whole blocks of input channels");

  static constexpr bool fits(const Conv& s) {
    return is_pointwise(s) && s.group_count == 1 && !s.planar_input;
  }

  static constexpr std::size_t packed_weights(const Conv& s) {
    return Direct<BLOCKS, PIXELS>::packed_weights(s);
  }
  template <class Numbers = F32>
  static constexpr std::size_t workspace(const Conv&) {
    return 0;
  }
  static constexpr int tiles(const Conv& s) { return direct_cut(s, PIXELS).stretches; }

  // As Direct: [output blocks / BLOCKS][inputs][BLOCKS * 16].
  template <class Numbers = F32>
  static void pack(const Conv& s, const float* weight, Sum<Numbers>* packed) {
    Direct<BLOCKS, PIXELS>::template pack<Numbers>(s, weight, packed);
  }

  template <const Conv& S, class Numbers, class Isa>
  static void run(Member& t, const Stored<Numbers>* in, const Sum<Numbers>* weights,
                  const Sum<Numbers>* bias, Sum<Numbers>*, Stored<Numbers>* const* outs,
                  Added<S, Numbers> added) {
    static_assert(std::is_same_v<Stored<Numbers>, Sum<Numbers>>, "sums wait in the output");
    constexpr int groups = ceil_div(blocks(S), BLOCKS), stretches = tiles(S);
    // Members share out pixels where there are plenty, else output blocks and their weights.
    if (stretches >= 8 * t.size()) {
      // As many at a time as fall to a member, if not so many that weights are a small part.
      const std::ptrdiff_t least = std::min(16, stretches / t.size());
      for (const auto [begin, end] : t.stretches(stretches, least))
        pixels<S, Numbers, Isa>(int(begin), int(end), 0, groups, in, weights, bias, outs, added);
      return;
    }
    constexpr std::ptrdiff_t multiplies = std::ptrdiff_t(BLOCKS) * PIXELS * S.in_channels;
    for (auto [item, end] : t.stretches(std::ptrdiff_t(groups) * stretches, enough(multiplies)))
      while (item < end) {
        const int group = int(item / stretches), first = int(item % stretches);
        const int last = int(std::min<std::ptrdiff_t>(stretches, first + (end - item)));
        pixels<S, Numbers, Isa>(first, last, group, group + 1, in, weights, bias, outs, added);
        item += last - first;
      }
  }

 private:
  // No sums wait in blocks that others store to.
  template <const Conv& S>
  static constexpr int kDepth = S.apart ? blocks_of(S.in_channels) * kBlock : DEPTH;

  // Tiles of pixels that go through all weights together: what they read stays in the second cache.
  template <const Conv& S>
  static constexpr int kAtOnce =
      std::max(4, int((512 << 10) / (4 * PIXELS * blocks_of(S.in_channels) * kBlock)));

  template <const Conv& S, class Numbers, class Isa>
  static void pixels(int begin, int end, int first_group, int last_group, const Stored<Numbers>* in,
                     const Sum<Numbers>* weights, const Sum<Numbers>* bias,
                     Stored<Numbers>* const* outs, Added<S, Numbers> added) {
    constexpr int whole = blocks(S) / BLOCKS, rest = blocks(S) % BLOCKS;
    for (int first = begin; first < end; first += kAtOnce<S>) {
      const int last = std::min(end, first + kAtOnce<S>);
      for (int group = first_group; group < last_group; ++group) {
        const Sum<Numbers>* own = weights + std::ptrdiff_t(group) * BLOCKS * kBlock * S.in_channels;
        if (group < whole)
          blocks_of_group<S, BLOCKS, Numbers, Isa>(first, last, group * BLOCKS, in, own, bias, outs,
                                                   added);
        else if constexpr (rest > 0)
          blocks_of_group<S, rest, Numbers, Isa>(first, last, group * BLOCKS, in, own, bias, outs,
                                                 added);
      }
    }
  }

  // Tiles [first, last) of OB output blocks from `block` on.
  template <const Conv& S, int OB, class Numbers, class Isa>
  static void blocks_of_group(int first, int last, int block, const Stored<Numbers>* in,
                              const Sum<Numbers>* weights, const Sum<Numbers>* bias,
                              Stored<Numbers>* const* outs, Added<S, Numbers> added) {
    constexpr DirectCut cut = direct_cut(S, PIXELS);
    Output<S, Numbers> planes[OB];
    for (int b = 0; b < OB; ++b) planes[b] = block_plane<S, Numbers, Isa>(outs, block + b);
    bias += block * kBlock;
    for (int depth = 0; depth < S.in_channels; depth += kDepth<S>) {
      for (int index = first; index < last; ++index) {
        const std::ptrdiff_t pixel =
            std::ptrdiff_t(index) * cut.length + std::min(index, cut.longer);
        if constexpr (cut.longer > 0)
          if (index < cut.longer) {
            tile<S, OB, cut.length + 1, Numbers, Isa>(depth, pixel, in, weights, bias, planes,
                                                      added);
            continue;
          }
        tile<S, OB, cut.length, Numbers, Isa>(depth, pixel, in, weights, bias, planes, added);
      }
      weights += std::ptrdiff_t(kDepth<S>) * OB * kBlock;
    }
  }

  template <const Conv& S, int OB, int WIDTH, class Numbers, class Isa>
  static void tile(int depth, std::ptrdiff_t pixel, const Stored<Numbers>* in,
                   const Sum<Numbers>* w, const Sum<Numbers>* bias,
                   const Output<S, Numbers>* planes, Added<S, Numbers> added) {
    using Epilogue = cpu::Epilogue<S, Numbers, Isa>;
    using Simd = cpu::Simd<Numbers, Isa>;
    constexpr int kVecs = OB * kParts<Isa>;
    constexpr std::ptrdiff_t plane = std::ptrdiff_t(S.in_height) * S.in_width * kBlock;
    constexpr std::ptrdiff_t ahead = std::ptrdiff_t(kDepth<S>) * OB * kBlock;
    Vec<Numbers, Isa> sum[WIDTH][kVecs];
    const auto at = [&](int p, int v) {
      return planes[v / kParts<Isa>] + (pixel + p) * kBlock + v % kParts<Isa> * Isa::kLanes;
    };
    INCEPT_UNROLL
    for (int p = 0; p < WIDTH; ++p) {
      INCEPT_UNROLL
      for (int v = 0; v < kVecs; ++v) {
        if constexpr (S.apart)
          sum[p][v] = Epilogue::start(bias + v * Isa::kLanes);
        else
          sum[p][v] = depth == 0 ? Epilogue::start(bias + v * Isa::kLanes) : Simd::load(at(p, v));
      }
    }
    const Stored<Numbers>* x = in + depth / kBlock * plane + pixel * kBlock;
    const int inputs = std::min(kDepth<S>, S.in_channels - depth);
    INCEPT_NO_UNROLL
    for (int left = inputs; left >= kBlock; left -= kBlock, x += plane)
      w = add_products<WIDTH, OB, Numbers, Isa>(sum, x, w, kBlock, ahead);
    if constexpr (S.in_channels % kBlock != 0)
      add_products<WIDTH, OB, Numbers, Isa>(sum, x, w, inputs % kBlock, ahead);
    const bool last = depth + kDepth<S> >= S.in_channels;
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
