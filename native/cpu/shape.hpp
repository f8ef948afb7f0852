// What the CPU's kernels make of a layer: blocks, packed sizes, scratch.
//
// A fast kernel takes a layer as `template <const Conv& S>`, a reference kernel as an argument.
#pragma once

#include <cstddef>

#include "../layers/layers.hpp"

namespace incept {

// Channels of one block of the blocked layout [ceil(C / 16)][H][W][16].
constexpr int kBlock = 16;

constexpr int ceil_div(int a, int b) {
  return (a + b - 1) / b;
}
constexpr int blocks_of(int channels) {
  return ceil_div(channels, kBlock);
}
constexpr std::size_t round_up(std::size_t n, std::size_t unit) {
  return (n + unit - 1) / unit * unit;
}

// Floats of a value as it lies in memory. The lanes past the last channel are computed along: that
// is cheaper than to leave them out.
template <class Self>
constexpr std::ptrdiff_t extent(const Extent<Self>& s) {
  return (s.blocked ? blocks_of(s.channels) * kBlock : s.channels) * s.plane();
}

// How a convolution is computed; decides the packing of its weights too.
enum class ConvKind { kBlocked, kDepthwise, kPlain };

constexpr ConvKind kind_of(const Conv& s) {
  if (s.group_count == 1) return ConvKind::kBlocked;
  if (s.group_count == s.in_channels && s.group_count == s.out_channels)
    return ConvKind::kDepthwise;
  const bool whole_blocks =
      s.in_channels / s.group_count % kBlock == 0 && s.out_channels / s.group_count % kBlock == 0;
  return whole_blocks ? ConvKind::kBlocked : ConvKind::kPlain;
}

// Output blocks: every segment is padded to whole blocks.
constexpr int blocks(const Conv& s) {
  int count = 0;
  for (int i = 0; i < s.segments; ++i) count += blocks_of(s.segment[i]);
  return count;
}

// Lanes of one input block as the kernel reads it: a planar image of few channels is interleaved.
constexpr int input_lanes(const Conv& s) {
  return s.planar_input && s.group_count == 1 && s.in_channels < kBlock ? s.in_channels : kBlock;
}

constexpr std::size_t packed_weights(const Conv& s) {
  const std::size_t taps = std::size_t(s.kernel_height) * s.kernel_width;
  if (kind_of(s) == ConvKind::kDepthwise) return taps * kBlock * blocks(s);
  const std::size_t per_channel = taps * (s.in_channels / s.group_count);
  return per_channel * (kind_of(s) == ConvKind::kPlain ? s.out_channels : kBlock * blocks(s));
}

constexpr std::size_t packed_bias(const Conv& s) {
  return std::size_t(kBlock) * blocks(s);
}

constexpr bool needs_border(const Conv& s) {
  return s.planar_input || s.padded();
}

constexpr std::size_t scratch_bytes(const Conv& s) {
  if (!needs_border(s)) return 0;
  return round_up(sizeof(float) * blocks_of(s.in_channels) * s.padded_height() * s.padded_width() *
                      input_lanes(s),
                  64);
}

// One packed row of a linear layer: the input as it lies in memory, to whole blocks.
constexpr std::size_t row_length(const Linear& s) {
  return round_up(s.channels, kBlock) * static_cast<std::size_t>(s.plane());
}

constexpr std::size_t packed_weights(const Linear& s) {
  return s.feature_count * row_length(s);
}

// Few features are not enough work to share: then the row is cut too, and the parts are added.
constexpr int row_chunks(const Linear& s) {
  if (s.feature_count >= 256) return 1;
  const std::size_t chunks = (row_length(s) + 1023) / 1024;
  return chunks < 16 ? static_cast<int>(chunks) : 16;
}

constexpr std::size_t scratch_bytes(const Linear& s) {
  if (row_chunks(s) == 1) return 0;
  return round_up(sizeof(float) * s.feature_count * row_chunks(s), 64);
}

}  // namespace incept
