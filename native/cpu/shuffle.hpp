// Channels in another order: as a table with a row a group, read by columns.
#pragma once

#include <algorithm>

#include "numbers.hpp"
#include "simd.hpp"
#include "team.hpp"

namespace incept::cpu {

// One row of a block of the result, each lane from its own lane of some block. Lanes past the last
// channel repeat it.
template <const Shuffle& S, class Numbers, class Isa>
void shuffle_row(const Stored<Numbers>* in, Stored<Numbers>* to, int block, int row) {
  const Stored<Numbers>* from[kBlock];
  for (int i = 0; i < kBlock; ++i) {
    const int source = S.source(std::min(block * kBlock + i, S.channels - 1));
    from[i] = in + (source / kBlock * S.plane() + std::ptrdiff_t(row) * S.width) * kBlock +
              source % kBlock;
  }
  for (std::ptrdiff_t x = 0; x < std::ptrdiff_t(S.width) * kBlock; x += kBlock) {
    INCEPT_UNROLL
    for (int i = 0; i < kBlock; ++i) to[x + i] = from[i][x];
  }
}

template <const Shuffle& S, class Numbers = F32, class Isa = Native>
void shuffle(Member& t, const Stored<Numbers>* in, Stored<Numbers>* out) {
  static_assert(compiled_for<Isa>);
  if constexpr (!S.blocked) {
    for (auto [i, end] : t.stretches(S.channels, enough(1)))
      for (; i < end; ++i) out[i] = in[S.source(static_cast<int>(i))];
  } else {
    for (auto [item, end] :
         t.stretches(std::ptrdiff_t(blocks_of(S.channels)) * S.height, enough(8 * S.width)))
      for (; item < end; ++item)
        shuffle_row<S, Numbers, Isa>(in, out + item * S.width * kBlock,
                                     static_cast<int>(item / S.height),
                                     static_cast<int>(item % S.height));
  }
}

}  // namespace incept::cpu
