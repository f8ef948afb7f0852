// Weights in the order in which the kernels read them. Host code, once at load.
#pragma once

#include <algorithm>
#include <vector>

#include "shape.hpp"

namespace incept {

// [kernel height][kernel width][16] for each block of channels.
inline void pack_depthwise(const Conv& s, const float* weight, float* packed) {
  const std::ptrdiff_t taps = std::ptrdiff_t(s.kernel_height) * s.kernel_width;
  std::fill(packed, packed + packed_weights(s), 0.0f);
  for (int c = 0; c < s.out_channels; ++c)
    for (std::ptrdiff_t tap = 0; tap < taps; ++tap)
      packed[(c / kBlock * taps + tap) * kBlock + c % kBlock] = weight[c * taps + tap];
}

// The checkpoint's output channel at each lane of the padded segments, -1 past a segment's end.
inline std::vector<int> lane_channels(const Conv& s) {
  std::vector<int> channels;
  for (int i = 0, next = 0; i < s.segments; ++i)
    for (int lane = 0; lane < blocks_of(s.segment[i]) * kBlock; ++lane)
      channels.push_back(lane < s.segment[i] ? next++ : -1);
  return channels;
}

// [output blocks / step][input blocks][kernel height][kernel width][input lanes][step * 16], for
// each group; the last run of output blocks may be shorter, the last input block has just the lanes
// that there are.
inline void pack_blocked(const Conv& s, int tile_blocks, const float* weight, float* packed) {
  const int inputs = s.in_channels / s.group_count, lanes = input_lanes(s);
  const int taps = s.kernel_height * s.kernel_width;
  const int group_blocks = blocks(s) / s.group_count;
  const std::vector<int> channels = lane_channels(s);
  for (int first = 0, count; first < blocks(s); first += count) {
    count = std::min(tile_blocks, group_blocks - first % group_blocks);
    for (int block = 0; block < inputs; block += lanes)
      for (int tap = 0; tap < taps; ++tap)
        for (int i = block; i < std::min(block + lanes, inputs); ++i)
          for (int o = first * kBlock; o < (first + count) * kBlock; ++o)
            *packed++ = channels[o] < 0
                            ? 0
                            : weight[(std::ptrdiff_t(channels[o]) * inputs + i) * taps + tap];
  }
}

// From [out][in / groups][kernel height][kernel width]; `tile_blocks` is the kernel's
// Tile::kBlocks. Writes packed_weights(s) floats.
inline void pack_conv(const Conv& s, int tile_blocks, const float* weight, float* packed) {
  switch (kind_of(s)) {
    case ConvKind::kBlocked:
      return pack_blocked(s, tile_blocks, weight, packed);
    case ConvKind::kDepthwise:
      return pack_depthwise(s, weight, packed);
    case ConvKind::kPlain:
      std::copy(weight, weight + packed_weights(s), packed);
  }
}

// From [out] or null (zeros). Writes packed_bias(s) floats.
inline void pack_bias(const Conv& s, const float* bias, float* packed) {
  for (int channel : lane_channels(s)) *packed++ = bias && channel >= 0 ? bias[channel] : 0.0f;
}

// From [features][c * h * w] in C, H, W order: each row takes the order of the blocked input, with
// zeros at the lanes past c. Writes packed_weights(s) floats.
inline void pack_linear(const Linear& s, const float* weight, float* packed) {
  std::fill(packed, packed + packed_weights(s), 0.0f);
  const std::ptrdiff_t plane = s.plane();
  for (int f = 0; f < s.feature_count; ++f, packed += row_length(s))
    for (int c = 0; c < s.channels; ++c)
      for (std::ptrdiff_t p = 0; p < plane; ++p)
        packed[(c / kBlock * plane + p) * kBlock + c % kBlock] = *weight++;
}

}  // namespace incept
