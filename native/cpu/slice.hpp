// Some channels of a value, into a value of their own.
#pragma once

#include <algorithm>

#include "numbers.hpp"
#include "team.hpp"

namespace incept::cpu {

// One block of a slice, at all its pixels. Its lanes are the last ones of a block of the whole, and
// the first ones of the next; which is not there where the slice ends before it.
template <const Slice& S, class Numbers>
void slice_block(const Stored<Numbers>* from, Stored<Numbers>* to, bool next) {
  constexpr int shift = S.channel % kBlock;
  constexpr std::ptrdiff_t size = S.plane() * kBlock;
  if constexpr (shift == 0) {
    std::copy(from, from + size, to);
  } else {
    for (std::ptrdiff_t p = 0; p < size; p += kBlock) {
      std::copy(from + p + shift, from + p + kBlock, to + p);
      if (next) std::copy(from + size + p, from + size + p + shift, to + p + kBlock - shift);
    }
  }
}

template <const Slice& S, class Numbers = F32, class Isa = Native>
void slice(Member& t, const Stored<Numbers>* in, Stored<Numbers>* out) {
  static_assert(compiled_for<Isa>);
  if constexpr (!S.blocked) {
    for (auto [i, end] : t.stretches(S.channels, enough(1)))
      for (; i < end; ++i) out[i] = in[S.channel + i];
  } else {
    constexpr int first = S.channel / kBlock;
    constexpr std::ptrdiff_t size = S.plane() * kBlock;
    for (auto [b, end] : t.stretches(blocks_of(S.channels), enough(2 * S.plane())))
      for (; b < end; ++b)
        slice_block<S, Numbers>(in + (first + b) * size, out + b * size,
                                first + b + 1 < blocks_of(S.whole));
  }
}

}  // namespace incept::cpu
