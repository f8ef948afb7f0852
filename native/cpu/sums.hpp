// How many sums are held in registers at once, and how what is summed for is shared out among them.
#pragma once

#include <algorithm>

#include "simd.hpp"

namespace incept::cpu {

// Registers for sums, with room for what is multiplied.
template <class Isa>
constexpr int kSumRegisters = Isa::kLanes == 8 ? 12 : 24;
template <>
constexpr int kSumRegisters<Baseline> = 12;

// Single numbers at once: with PARTS registers of a block beside each, their sums fill those.
template <class Isa, int PARTS = kParts<Isa>>
constexpr int kMostSingles = std::min(kBlock, kSumRegisters<Isa> / PARTS);

// `count` things in as few tiles of at most `most` as there can be, as even as they can be.
struct Tiles {
  int count, most;

  constexpr int tiles() const { return ceil_div(count, most); }
  constexpr int begin(int tile) const { return count * tile / tiles(); }
  constexpr int size(int tile) const { return begin(tile + 1) - begin(tile); }
};

}  // namespace incept::cpu
