// Copies between buffers and layouts.
#pragma once

#include <algorithm>

#include "numbers.hpp"
#include "team.hpp"

namespace incept::cpu {

// Channels of one source block at one row, into a wider blocked value at any channel. Only lanes
// that belong to the branch are written: its neighbour may be copied at the same time.
template <const Copy& S, class Numbers, class Isa>
void copy_block_row(const Stored<Numbers>* from, Stored<Numbers>* to, int block) {
  constexpr int shift = S.channel % kBlock;
  const int count = std::min(kBlock, S.channels - block * kBlock);
  const int head = std::min(count, kBlock - shift);
  for (int x = 0; x < S.width; ++x, from += kBlock, to += kBlock) {
    std::copy(from, from + head, to + shift);
    if (head < count) std::copy(from + head, from + count, to + S.plane() * kBlock);
  }
}

// Into channels `channel`.. of the whole `out`; without `into` a plain copy.
template <const Copy& S, class Numbers = F32, class Isa = Native>
void copy(Member& t, const Stored<Numbers>* in, Stored<Numbers>* out) {
  static_assert(compiled_for<Isa>);
  if constexpr (!S.blocked) {
    for (auto [i, end] : t.stretches(S.channels, kBlock * enough(1)))
      for (; i < end; ++i) out[S.channel + i] = in[i];
  } else {
    for (auto [item, end] :
         t.stretches(std::ptrdiff_t(blocks_of(S.channels)) * S.height, enough(2 * S.width)))
      for (; item < end; ++item) {
        const std::ptrdiff_t row = item * S.width * kBlock;
        copy_block_row<S, Numbers, Isa>(in + row,
                                        out + S.channel / kBlock * S.plane() * kBlock + row,
                                        static_cast<int>(item / S.height));
      }
  }
}

// planar -> blocked; lanes past the last channel become 0.
template <const incept::Image& S, class Numbers = F32, class Isa = Native>
void to_blocked(Member& t, const Sum<Numbers>* in, Stored<Numbers>* out) {
  static_assert(compiled_for<Isa>);
  for (auto [item, end] : t.stretches(blocks_of(S.channels) * S.plane(), enough(4)))
    for (; item < end; ++item) {
      const std::ptrdiff_t block = item / S.plane(), pixel = item % S.plane();
      for (int i = 0; i < kBlock; ++i) {
        const std::ptrdiff_t c = block * kBlock + i;
        out[item * kBlock + i] =
            Numbers::write(c < S.channels ? in[c * S.plane() + pixel] : Sum<Numbers>{});
      }
    }
}

// blocked -> planar.
template <const incept::Image& S, class Numbers = F32, class Isa = Native>
void to_planar(Member& t, const Stored<Numbers>* in, Sum<Numbers>* out) {
  static_assert(compiled_for<Isa>);
  for (auto [c, end] : t.stretches(S.channels, enough(S.plane() / 4)))
    for (; c < end; ++c) {
      const Stored<Numbers>* from = in + c / kBlock * S.plane() * kBlock + c % kBlock;
      for (std::ptrdiff_t p = 0; p < S.plane(); ++p)
        out[c * S.plane() + p] = Numbers::read(from[p * kBlock]);
    }
}

}  // namespace incept::cpu
