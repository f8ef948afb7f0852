// Copies between buffers and layouts.
#pragma once

#include <algorithm>

#include "shape.hpp"
#include "team.hpp"

namespace incept {

// Channels of one source block at one row, into a wider blocked value at any channel. Only lanes
// that belong to the branch are written: its neighbour may be copied at the same time.
template <const Copy& S>
void copy_block_row(const float* from, float* to, int block) {
  constexpr int shift = S.channel % kBlock;
  const int count = std::min(kBlock, S.channels - block * kBlock);
  const int head = std::min(count, kBlock - shift);
  for (int x = 0; x < S.width; ++x, from += kBlock, to += kBlock) {
    std::copy(from, from + head, to + shift);
    if (head < count) std::copy(from + head, from + count, to + S.plane() * kBlock);
  }
}

// Into channels `channel`.. of the whole `out`; without `into` a plain copy.
template <const Copy& S>
void copy(const Member& t, const float* in, float* out) {
  if constexpr (!S.blocked) {
    for (auto [i, end] = share(t, S.channels); i < end; ++i) out[S.channel + i] = in[i];
  } else {
    for (auto [item, end] = share(t, std::ptrdiff_t(blocks_of(S.channels)) * S.height); item < end;
         ++item) {
      const std::ptrdiff_t row = item * S.width * kBlock;
      copy_block_row<S>(in + row, out + S.channel / kBlock * S.plane() * kBlock + row,
                        static_cast<int>(item / S.height));
    }
  }
}

// planar -> blocked; lanes past the last channel become 0.
template <const Image& S>
void to_blocked(const Member& t, const float* in, float* out) {
  for (auto [item, end] = share(t, blocks_of(S.channels) * S.plane()); item < end; ++item) {
    const std::ptrdiff_t block = item / S.plane(), pixel = item % S.plane();
    for (int i = 0; i < kBlock; ++i) {
      const std::ptrdiff_t c = block * kBlock + i;
      out[item * kBlock + i] = c < S.channels ? in[c * S.plane() + pixel] : 0.0f;
    }
  }
}

// blocked -> planar.
template <const Image& S>
void to_planar(const Member& t, const float* in, float* out) {
  for (auto [c, end] = share(t, S.channels); c < end; ++c) {
    const float* from = in + c / kBlock * S.plane() * kBlock + c % kBlock;
    for (std::ptrdiff_t p = 0; p < S.plane(); ++p) out[c * S.plane() + p] = from[p * kBlock];
  }
}

}  // namespace incept
