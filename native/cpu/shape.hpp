// What the layers of a network are to the CPU's kernels: images in blocks of channels.
//
// A fast kernel takes a layer as `template <const Conv& S>`, a reference kernel as an argument.
#pragma once

#include <cstddef>

#include "../layers/layers.hpp"

namespace incept::cpu {

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

// Numbers of a value as it lies in memory. The lanes past the last channel are computed along: that
// is cheaper than to leave them out.
template <class Self>
constexpr std::ptrdiff_t extent(const Extent<Self>& s) {
  return (s.blocked ? blocks_of(s.channels) * kBlock : s.channels) * s.plane();
}

// Bytes of a workspace; each begins on a cache line.
constexpr std::size_t workspace_bytes(std::size_t count, std::size_t size) {
  return round_up(count * size, 64);
}

}  // namespace incept::cpu
