// Winograd's products: at one point, tiles by input channels times input channels by output
// channels. Shapes are plain arguments, so that all layers of a file share the code.
#pragma once

#include <algorithm>

#include "../rank.hpp"

namespace incept::cpu {

// Tiles that fit the registers beside BLOCKS blocks of output channels.
template <int BLOCKS, class Isa>
constexpr int kProductTiles = Isa::kLanes == 16  ? 28 / BLOCKS
                              : Isa::kLanes == 8 ? 6 / BLOCKS
                                                 : 6 / BLOCKS;

template <int BLOCKS, class Numbers, class Isa>
struct WinogradProduct {
  using Simd = cpu::Simd<Numbers, Isa>;
  using Vec = cpu::Vec<Numbers, Isa>;
  using Sum = cpu::Sum<Numbers>;

  static constexpr int kVecs = BLOCKS * kParts<Isa>;
  static constexpr int kMost = kProductTiles<BLOCKS, Isa>;

  // One point of the tiles of a stretch: `in` [input blocks][tiles][16], `weights` [inputs][BLOCKS
  // * 16], `out` [tiles][BLOCKS * 16].
  struct Operands {
    const Sum* in;
    const Sum* weights;
    Sum* out;
    std::ptrdiff_t in_pitch;  // Between two input blocks.
    int inputs;
  };

  // A function of its own: where it stands in its caller, g++ for arm64 keeps the sums in memory.
  template <int TILES>
  static INCEPT_NO_INLINE void tiles(const Operands& o, int first, Ahead<Sum>& ahead) {
    Vec sum[TILES][kVecs] = {};
    const Sum* in = o.in + first * kBlock;
    const Sum* w = o.weights;
    INCEPT_NO_UNROLL
    for (int left = o.inputs; left >= kBlock; left -= kBlock, in += o.in_pitch)
      w = add_products<TILES, BLOCKS, Numbers, Isa>(sum, in, w, kBlock, ahead);
    add_products<TILES, BLOCKS, Numbers, Isa>(sum, in, w, o.inputs % kBlock, ahead);
    Sum* out = o.out + std::ptrdiff_t(first) * BLOCKS * kBlock;
    INCEPT_UNROLL
    for (int t = 0; t < TILES; ++t) {
      INCEPT_UNROLL
      for (int v = 0; v < kVecs; ++v) Simd::put(out + (t * kVecs + v) * Isa::kLanes, sum[t][v]);
    }
  }

  // `count` tiles from `first` on, at most kMost.
  template <int TILES = kMost>
  static void piece(const Operands& o, int first, int count, Ahead<Sum>& ahead) {
    if constexpr (TILES > 1)
      if (count < TILES) return piece<TILES - 1>(o, first, count, ahead);
    tiles<TILES>(o, first, ahead);
  }

  // All tiles of a stretch, in pieces as even as can be. The next point's weights follow.
  static void run(const Operands& o, int count) {
    const int pieces = (count + kMost - 1) / kMost;
    Ahead<Sum> ahead(o.weights + std::ptrdiff_t(o.inputs) * BLOCKS * kBlock, o.inputs,
                     o.inputs * pieces);
    for (int i = 0; i < pieces; ++i) {
      const int first = count * i / pieces;
      piece(o, first, count * (i + 1) / pieces - first, ahead);
    }
  }
};

}  // namespace incept::cpu
