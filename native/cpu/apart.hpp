// Blocks that several values share: a value may begin inside of one, and only lanes of its own are
// stored, since others may be written at the same time.
#pragma once

#include <algorithm>
#include <type_traits>

#include "numbers.hpp"

namespace incept::cpu {

// Where channels from the first of a block on are stored. As a pointer to them it is moved on by
// pixels * 16 + channels.
template <class Numbers, std::ptrdiff_t PLANE>
struct SharedBlock {
  Stored<Numbers>* block = nullptr;  // Where the first channel's block begins.
  int lane = 0;                      // Where the first channel lies in it.
  int count = 0;                     // Channels that there are.
  std::ptrdiff_t at = 0;

  INCEPT_INLINE SharedBlock operator+(std::ptrdiff_t numbers) const {
    return {block, lane, count, at + numbers};
  }
  INCEPT_INLINE SharedBlock& operator+=(std::ptrdiff_t numbers) { return *this = *this + numbers; }
};

template <class Numbers, class Isa>
INCEPT_INLINE void store_lanes(Stored<Numbers>* to, Vec<Numbers, Isa> v, int first, int last) {
  if constexpr (std::is_same_v<Stored<Numbers>, Sum<Numbers>>) {
    Simd<Numbers, Isa>::put_lanes(to, v, first, last);
  } else {
    Stored<Numbers> lanes[Isa::kLanes];
    Simd<Numbers, Isa>::store(lanes, v);
    std::copy(lanes + first, lanes + last, to + first);
  }
}

// A register of channels, to a block of their own or to lanes of two that are shared.
template <class Numbers, class Isa>
INCEPT_INLINE void store(Stored<Numbers>* to, Vec<Numbers, Isa> v) {
  Simd<Numbers, Isa>::store(to, v);
}

template <class Numbers, class Isa, std::ptrdiff_t PLANE>
INCEPT_INLINE void store(const SharedBlock<Numbers, PLANE>& to, Vec<Numbers, Isa> v) {
  const int channel = static_cast<int>(to.at & (kBlock - 1));
  const int count = std::clamp(to.count - channel, 0, Isa::kLanes);
  Stored<Numbers>* pixel = to.block + (to.at - channel);
  int lane = to.lane + channel;
  if (lane >= kBlock) lane -= kBlock, pixel += PLANE;
  const int here = std::min(count, kBlock - lane);
  store_lanes<Numbers, Isa>(pixel + lane, v, 0, here);
  if (here < count) store_lanes<Numbers, Isa>(pixel + PLANE - kBlock + lane, v, here, count);
}

}  // namespace incept::cpu
