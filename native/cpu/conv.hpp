// Direct convolution with a compile-time shape. The input gets its border (border.hpp), the output
// is cut into tiles of a few blocks by a few pixels (conv_tile.hpp), and each member of the team
// computes an even share of them.
#pragma once

#include <algorithm>

#include "border.hpp"
#include "conv_grouped.hpp"
#include "conv_tile.hpp"
#include "shape.hpp"
#include "team.hpp"

namespace incept {

// BLOCKS output blocks of 16 channels by up to PIXELS output pixels in registers at once.
template <int BLOCKS, int PIXELS>
struct Tile {
  static constexpr int kBlocks = BLOCKS;
  static constexpr int kPixels = PIXELS;
};

// How the output plane is cut into tiles. Work is counted in strips: output rows, or single runs of
// pixels where the convolution is pointwise and the plane is one long row.
template <const Conv& S, class T>
struct ConvPlan {
  static constexpr bool kPointwise = is_pointwise(S);
  static constexpr int kWidth = kPointwise ? S.out_height * S.out_width : S.out_width;
  // A row falls into kRuns runs: the first kLonger of kRun + 1 pixels, the others of kRun.
  static constexpr int kRuns = ceil_div(kWidth, T::kPixels);
  static constexpr int kRun = kWidth / kRuns;
  static constexpr int kLonger = kWidth % kRuns;
  static constexpr int kStrips = kPointwise ? kRuns : S.out_height;
  // Several short rows make one tile.
  static constexpr int kRows = kPointwise || kRuns > 1
                                   ? 1
                                   : (T::kPixels / kWidth < S.out_height ? T::kPixels / kWidth
                                                                         : S.out_height);
  static constexpr int kGroupBlocks = blocks(S) / S.group_count;
};

// Computes strips for OB output blocks of one group: the blocks' packed weights, bias and outputs.
template <const Conv& S, class T, int OB>
struct ConvStrips {
  using Plan = ConvPlan<S, T>;
  const float* in;
  const float* weights;
  const float* bias;
  float* out[OB];  // Each block's plane.

  template <int ROWS, int WIDTH>
  void tile(int y, int x) const {
    float* to[OB];
    for (int b = 0; b < OB; ++b) to[b] = out[b] + (std::ptrdiff_t(y) * S.out_width + x) * kBlock;
    ConvTile<S, OB, ROWS, WIDTH>::run(
        in + y * S.stride_height * row_step(S) + x * S.stride_width * pixel_step(S), weights, bias,
        to);
  }

  template <int ROWS>
  void run_of(int y, int index) const {
    const int x = index * Plan::kRun + std::min(index, Plan::kLonger);
    if constexpr (Plan::kLonger > 0)
      if (index < Plan::kLonger) return tile<ROWS, Plan::kRun + 1>(y, x);
    tile<ROWS, Plan::kRun>(y, x);
  }

  template <int ROWS>
  void rows(int y, int end) const {
    for (; y + ROWS <= end; y += ROWS)
      for (int index = 0; index < Plan::kRuns; ++index) run_of<ROWS>(y, index);
    if constexpr (ROWS > 1) rows<ROWS / 2>(y, end);
  }

  void strips(int begin, int end) const {
    if constexpr (Plan::kPointwise)
      for (; begin < end; ++begin) run_of<1>(0, begin);
    else
      rows<Plan::kRows>(begin, end);
  }
};

// Where output block `block` of all segments lies.
template <const Conv& S>
float* block_plane(float* const* outs, int block) {
  int segment = 0;
  for (; block >= blocks_of(S.segment[segment]); ++segment) block -= blocks_of(S.segment[segment]);
  return outs[segment] + std::ptrdiff_t(block) * S.out_height * S.out_width * kBlock;
}

// The strips of blocks [first, first + OB) that lie in the member's share [begin, end) of all work,
// counted in blocks x strips. Floors fall alike for neighbours, so every strip has one owner.
template <const Conv& S, class T, int OB>
void conv_blocks(Share mine, int first, const float* in, const float* weights, const float* bias,
                 float* const* outs) {
  constexpr std::ptrdiff_t strips = ConvPlan<S, T>::kStrips;
  const auto strip_at = [&](std::ptrdiff_t work) {
    return static_cast<int>(std::clamp<std::ptrdiff_t>((work - first * strips) / OB, 0, strips));
  };
  const int begin = strip_at(mine.begin), end = strip_at(mine.end);
  if (begin >= end) return;
  constexpr std::ptrdiff_t inputs = S.in_channels / S.group_count;
  constexpr std::ptrdiff_t per_block = inputs * S.kernel_height * S.kernel_width * kBlock;
  const int group = first / ConvPlan<S, T>::kGroupBlocks;
  ConvStrips<S, T, OB> work{in + group * (inputs / kBlock) * block_step(S),
                            weights + first * per_block,
                            bias + first * kBlock,
                            {}};
  for (int b = 0; b < OB; ++b) work.out[b] = block_plane<S>(outs, first + b);
  work.strips(begin, end);
}

template <const Conv& S, class T>
void conv_direct(const Member& t, const float* in, const float* weights, const float* bias,
                 float* const* outs) {
  using Plan = ConvPlan<S, T>;
  constexpr int step = std::min(T::kBlocks, Plan::kGroupBlocks);
  constexpr int rest = Plan::kGroupBlocks % step;
  const Share mine = share(t, std::ptrdiff_t(blocks(S)) * Plan::kStrips);
  for (int group = 0; group < S.group_count; ++group) {
    int block = group * Plan::kGroupBlocks;
    const int end = block + Plan::kGroupBlocks - rest;
    for (; block < end; block += step)
      conv_blocks<S, T, step>(mine, block, in, weights, bias, outs);
    if constexpr (rest > 0) conv_blocks<S, T, rest>(mine, block, in, weights, bias, outs);
  }
}

// Weights and bias as pack.hpp leaves them (packed for T::kBlocks); one blocked `out` a segment.
template <const Conv& S, class T, class... Out>
void conv(Member& t, const float* in, const float* weights, const float* bias, float* scratch,
          Out*... out) {
  static_assert(sizeof...(out) == S.segments, "one output a segment");
  static_assert(S.segments == 1 || S.group_count == 1, "merged siblings have no groups");
  if constexpr (needs_border(S)) {
    copy_with_border<S>(t, in, scratch);
    t.barrier();
    in = scratch;
  }
  float* const outs[] = {out...};
  if constexpr (kind_of(S) == ConvKind::kBlocked)
    conv_direct<S, T>(t, in, weights, bias, outs);
  else if constexpr (kind_of(S) == ConvKind::kDepthwise)
    conv_depthwise<S, T::kPixels>(t, in, weights, bias, outs[0]);
  else
    conv_plain<S>(t, in, weights, bias, outs[0]);
}

}  // namespace incept
