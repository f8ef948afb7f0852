// The transpose of a convolution, an image in one piece: a layer, and the derivative of the
// convolution by its input where the stride is above 1. (With a stride of 1 it is a convolution
// itself.) What goes in is called dy and what comes out dx, as in the derivative.
//
// dx[i][y][x] is the sum of w[o][i][ky][kx] * dy[o][v][u] over the outputs (v, u) whose window has
// a tap there: v * stride + ky * dilation - pad = y. Pixels of dx a stride apart have the same
// taps, and their outputs lie side by side: a few of them are held in registers, like a tile of a
// convolution.
#pragma once

#include <algorithm>

#include "numbers.hpp"
#include "sums.hpp"
#include "team.hpp"

namespace incept::cpu {

// Every channel of a group sees all of it.
struct WholeGroups {
  // Several groups must fill blocks.
  static constexpr bool fits(const Conv& s) {
    return s.group_count == 1 || (s.in_channels / s.group_count % kBlock == 0 &&
                                  s.out_channels / s.group_count % kBlock == 0);
  }
  // [in blocks][out blocks of a group][kernel height][kernel width][16 out][16 in]
  static constexpr std::ptrdiff_t tap_weights() { return kBlock * kBlock; }
  static constexpr int outputs(const Conv& s) { return s.out_channels / s.group_count; }

  static int place_of(int out, int in) { return out % kBlock * kBlock + in % kBlock; }

  // Adds what `lanes` outputs of COUNT pixels say through one tap.
  template <int COUNT, class Numbers, class Isa>
  static INCEPT_INLINE void add(Vec<Numbers, Isa> (&sum)[COUNT][kParts<Isa>],
                                const Stored<Numbers>* dy, const Sum<Numbers>* w, int lanes) {
    using Simd = cpu::Simd<Numbers, Isa>;
    for (int o = 0; o < lanes; ++o, w += kBlock) {
      Vec<Numbers, Isa> weight[kParts<Isa>];
      INCEPT_UNROLL
      for (int v = 0; v < kParts<Isa>; ++v) weight[v] = Simd::at(w + v * Isa::kLanes);
      INCEPT_UNROLL
      for (int p = 0; p < COUNT; ++p) {
        const Vec<Numbers, Isa> all = Simd::all(Numbers::read(dy[p * kBlock + o]));
        INCEPT_UNROLL
        for (int v = 0; v < kParts<Isa>; ++v) sum[p][v] += weight[v] * all;
      }
    }
  }
};

// Every channel is convolved by itself.
struct SingleChannels {
  static constexpr bool fits(const Conv& s) {
    return s.group_count == s.in_channels && s.group_count == s.out_channels;
  }
  // [blocks][kernel height][kernel width][16]
  static constexpr std::ptrdiff_t tap_weights() { return kBlock; }
  static constexpr int outputs(const Conv&) { return kBlock; }

  static int place_of(int, int in) { return in % kBlock; }

  template <int COUNT, class Numbers, class Isa>
  static INCEPT_INLINE void add(Vec<Numbers, Isa> (&sum)[COUNT][kParts<Isa>],
                                const Stored<Numbers>* dy, const Sum<Numbers>* w, int) {
    using Simd = cpu::Simd<Numbers, Isa>;
    INCEPT_UNROLL
    for (int v = 0; v < kParts<Isa>; ++v) {
      const Vec<Numbers, Isa> weight = Simd::at(w + v * Isa::kLanes);
      INCEPT_UNROLL
      for (int p = 0; p < COUNT; ++p)
        sum[p][v] += weight * Simd::load(dy + p * kBlock + v * Isa::kLanes);
    }
  }
};

// How many strides it is from a window's begin to `distance`; none where it is no whole number.
struct Strides {
  bool whole;
  int count;
};
constexpr Strides strides_to(int distance, int stride) {
  return {distance % stride == 0, distance / stride};
}

// COUNT pixels of a block of dx, a stride apart in row `y` from column `x` on. `dy` is the first
// block of their group, `weights` and `bias` those of the block. Not inlined: the layer is a plain
// argument.
template <int COUNT, class Channels, class Numbers, class Isa>
__attribute__((noinline)) void gather_pixels(const Conv& s, int y, int x, const Stored<Numbers>* dy,
                                             const Sum<Numbers>* weights, const Sum<Numbers>* bias,
                                             Stored<Numbers>* dx) {
  constexpr int parts = kParts<Isa>;
  Vec<Numbers, Isa> sum[COUNT][parts];
  INCEPT_UNROLL
  for (int p = 0; p < COUNT; ++p) {
    INCEPT_UNROLL
    for (int v = 0; v < parts; ++v) sum[p][v] = Simd<Numbers, Isa>::at(bias + v * Isa::kLanes);
  }
  const std::ptrdiff_t plane = std::ptrdiff_t(s.out_height) * s.out_width * kBlock;
  for (int first = 0; first < Channels::outputs(s); first += kBlock, dy += plane) {
    const int lanes = std::min(kBlock, Channels::outputs(s) - first);
    for (int ky = 0; ky < s.kernel_height; ++ky) {
      const Strides down = strides_to(y + s.pad_top - ky * s.dilation_height, s.stride_height);
      const bool on_image = down.whole && down.count >= 0 && down.count < s.out_height;
      for (int kx = 0; kx < s.kernel_width; ++kx, weights += Channels::tap_weights()) {
        const Strides right = strides_to(x + s.pad_left - kx * s.dilation_width, s.stride_width);
        const int begin = std::max(0, -right.count);
        const int end = std::min(COUNT, s.out_width - right.count);
        if (!on_image || !right.whole || begin >= end) continue;
        const Stored<Numbers>* from =
            dy + (std::ptrdiff_t(down.count) * s.out_width + right.count) * kBlock;
        // At the image's edges, zeros for the outputs that there are not.
        Stored<Numbers> bordered[COUNT * kBlock];
        if (end - begin < COUNT) {
          std::fill(bordered, bordered + COUNT * kBlock, Stored<Numbers>{});
          std::copy(from + begin * kBlock, from + end * kBlock, bordered + begin * kBlock);
          from = bordered;
        }
        Channels::template add<COUNT, Numbers, Isa>(sum, from, weights, lanes);
      }
    }
  }
  INCEPT_UNROLL
  for (int p = 0; p < COUNT; ++p) {
    INCEPT_UNROLL
    for (int v = 0; v < parts; ++v)
      Simd<Numbers, Isa>::store(dx + std::ptrdiff_t(p) * s.stride_width * kBlock + v * Isa::kLanes,
                                sum[p][v]);
  }
}

template <class Channels, class Numbers, class Isa, int COUNT = kMostSingles<Isa>>
void gather_some(int count, const Conv& s, int y, int x, const Stored<Numbers>* dy,
                 const Sum<Numbers>* weights, const Sum<Numbers>* bias, Stored<Numbers>* dx) {
  if (count == COUNT)
    return gather_pixels<COUNT, Channels, Numbers, Isa>(s, y, x, dy, weights, bias, dx);
  if constexpr (COUNT > 1)
    gather_some<Channels, Numbers, Isa, COUNT - 1>(count, s, y, x, dy, weights, bias, dx);
}

// Gathers each pixel of dx; `Channels` says which see which.
template <class Channels>
struct Gather {
  static constexpr bool fits(const Conv& s) { return Channels::fits(s); }

  static constexpr std::ptrdiff_t block_weights(const Conv& s) {
    return std::ptrdiff_t(blocks_of(Channels::outputs(s))) * s.kernel_height * s.kernel_width *
           Channels::tap_weights();
  }
  static constexpr std::size_t packed_weights(const Conv& s) {
    return std::size_t(blocks_of(s.in_channels)) * block_weights(s);
  }

  // From [out][in / groups][kernel height][kernel width].
  template <class Numbers = F32>
  static void pack(const Conv& s, const float* weight, Sum<Numbers>* packed) {
    std::fill(packed, packed + packed_weights(s), Sum<Numbers>{});
    const int taps = s.kernel_height * s.kernel_width;
    const int inputs = s.in_channels / s.group_count, outputs = s.out_channels / s.group_count;
    for (int o = 0; o < s.out_channels; ++o)
      for (int i = 0; i < inputs; ++i) {
        const int in = o / outputs * inputs + i, out_block = o % outputs / kBlock;
        Sum<Numbers>* to = packed + in / kBlock * block_weights(s) +
                           out_block * taps * Channels::tap_weights() +
                           Channels::place_of(o % outputs, in);
        for (int tap = 0; tap < taps; ++tap, to += Channels::tap_weights()) *to = *weight++;
      }
  }

  // `bias` may be null.
  template <const Conv& S, class Numbers, class Isa>
  static void run(Member& t, const Stored<Numbers>* dy, const Sum<Numbers>* weights,
                  const Sum<Numbers>* bias, Stored<Numbers>* dx) {
    constexpr std::ptrdiff_t out_plane = std::ptrdiff_t(S.out_height) * S.out_width * kBlock;
    // A block of channels sees those of its group, or itself.
    constexpr int group_blocks =
        S.group_count == S.in_channels ? 1 : blocks_of(S.in_channels / S.group_count);
    constexpr int seen_blocks =
        S.group_count == S.in_channels ? 1 : blocks_of(S.out_channels / S.group_count);
    for (auto [item, end] : t.stretches(std::ptrdiff_t(blocks_of(S.in_channels)) * S.in_height))
      for (; item < end; ++item) {
        const int y = static_cast<int>(item % S.in_height);
        const std::ptrdiff_t block = item / S.in_height;
        Sum<Numbers> own_bias[kBlock] = {};
        if (bias != nullptr)
          std::copy(bias + block * kBlock,
                    bias + std::min<std::ptrdiff_t>((block + 1) * kBlock, S.in_channels), own_bias);
        for (int x = 0; x < std::min(S.stride_width, S.in_width); ++x) {
          const Tiles pixels{ceil_div(S.in_width - x, S.stride_width), kMostSingles<Isa>};
          for (int tile = 0; tile < pixels.tiles(); ++tile) {
            const int column = x + pixels.begin(tile) * S.stride_width;
            gather_some<Channels, Numbers, Isa>(pixels.size(tile), S, y, column,
                                                dy + block / group_blocks * seen_blocks * out_plane,
                                                weights + block * block_weights(S), own_bias,
                                                dx + (item * S.in_width + column) * kBlock);
          }
        }
      }
  }
};

using GatherGroups = Gather<WholeGroups>;
using GatherChannels = Gather<SingleChannels>;

// As a layer: the transpose of S, weights as Algorithm packed them, images in blocks. `bias` is
// plain, or null.
template <const Conv& S, class Algorithm, class Numbers = F32, class Isa = Native>
void conv_transpose(Member& t, const Stored<Numbers>* in, const Sum<Numbers>* weights,
                    const Sum<Numbers>* bias, Stored<Numbers>* out) {
  static_assert(Algorithm::fits(S), "the algorithm does not compute this layer");
  Algorithm::template run<S, Numbers, Isa>(t, in, weights, bias, out);
}

}  // namespace incept::cpu
