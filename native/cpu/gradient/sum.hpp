// Sums over the pixels of a block of channels: in registers over short stretches, the stretches in
// a total of more digits.
#pragma once

#include <algorithm>

#include "../../layers/training.hpp"
#include "../batch.hpp"
#include "../numbers.hpp"
#include "../team.hpp"

namespace incept::cpu {

// Pixels of a stretch: few enough that it is still in the nearest cache when it is read again.
constexpr std::ptrdiff_t kStretch = 128;

// Calls `stretch(begin, pixels)` for the stretches of a plane.
template <class Stretch>
INCEPT_INLINE void each_stretch(std::ptrdiff_t plane, Stretch&& stretch) {
  for (std::ptrdiff_t p = 0; p < plane; p += kStretch) stretch(p, std::min(kStretch, plane - p));
}

// Lanes of a block that are channels.
constexpr int lanes_of(int channels, std::ptrdiff_t block) {
  return static_cast<int>(std::min<std::ptrdiff_t>(kBlock, channels - block * kBlock));
}

// One number a channel of a block.
template <class Number>
struct Lanes {
  Number lane[kBlock] = {};

  Lanes() = default;
  // Of the channels that there are: the other lanes are 0.
  Lanes(const Number* from, std::ptrdiff_t block, int channels) {
    for (int i = 0; i < lanes_of(channels, block); ++i) lane[i] = from[block * kBlock + i];
  }
};

// The same in registers.
template <class Numbers, class Isa>
struct Held {
  Vec<Numbers, Isa> part[kParts<Isa>];
  explicit Held(const Lanes<Sum<Numbers>>& lanes) {
    INCEPT_UNROLL
    for (int i = 0; i < kParts<Isa>; ++i)
      part[i] = Register<Sum<Numbers>, Isa>::at(lanes.lane + i * Isa::kLanes);
  }
};

// `Kinds` sums of a stretch at once. `of(at, part)` gives what a register of numbers adds to each,
// which are `at` numbers into the stretch. Four registers of each kind take turns, so that no sum
// waits for the one before.
template <int Kinds, class Numbers, class Isa>
struct StretchSums {
  using Simd = cpu::Simd<Numbers, Isa>;
  using Vec = cpu::Vec<Numbers, Isa>;

  struct Terms {
    Vec kind[Kinds];
  };
  Lanes<Sum<Numbers>> kind[Kinds];

  template <class Of>
  INCEPT_INLINE StretchSums(std::ptrdiff_t pixels, Of&& of) {
    constexpr int turns = 4, step = turns / kParts<Isa> * kBlock;
    Vec sums[Kinds][turns] = {};
    const auto add = [&](std::ptrdiff_t at, int turn) INCEPT_ALWAYS_INLINE {
      const Terms terms = of(at + turn * Isa::kLanes, turn % kParts<Isa>);
      INCEPT_UNROLL
      for (int k = 0; k < Kinds; ++k) sums[k][turn] += terms.kind[k];
    };
    std::ptrdiff_t at = 0;
    for (; at + step <= pixels * kBlock; at += step) {
      INCEPT_UNROLL
      for (int turn = 0; turn < turns; ++turn) add(at, turn);
    }
    for (; at < pixels * kBlock; at += kBlock) {
      INCEPT_UNROLL
      for (int part = 0; part < kParts<Isa>; ++part) add(at, part);
    }
    INCEPT_UNROLL
    for (int k = 0; k < Kinds; ++k) {
      INCEPT_UNROLL
      for (int turn = kParts<Isa>; turn < turns; ++turn)
        sums[k][turn % kParts<Isa>] += sums[k][turn];
      INCEPT_UNROLL
      for (int part = 0; part < kParts<Isa>; ++part)
        Register<Sum<Numbers>, Isa>::put(kind[k].lane + part * Isa::kLanes, sums[k][part]);
    }
  }
};

// Calls `stretch(image, at, pixels)` for the stretches of a block in all images, `at` numbers into
// an image.
template <const auto& S, class Stretch>
INCEPT_INLINE void each_image_stretch(std::ptrdiff_t block, int images, Stretch&& stretch) {
  for (int image = 0; image < images; ++image)
    each_stretch(S.plane(), [&](std::ptrdiff_t p, std::ptrdiff_t pixels) {
      stretch(image, (block * S.plane() + p) * kBlock, pixels);
    });
}

// Calls `store(at, part)` for the registers of a stretch.
template <class Isa, class Store>
INCEPT_INLINE void each_register(std::ptrdiff_t at, std::ptrdiff_t pixels, Store&& store) {
  for (const std::ptrdiff_t end = at + pixels * kBlock; at < end; at += kBlock) {
    INCEPT_UNROLL
    for (int part = 0; part < kParts<Isa>; ++part) store(at + part * Isa::kLanes, part);
  }
}

// Adds up the numbers of each channel of a block.
template <class Numbers, class Isa>
void add_block(const Stored<Numbers>* block, std::ptrdiff_t plane, Lanes<double>& totals) {
  using Sums = StretchSums<1, Numbers, Isa>;
  each_stretch(plane, [&](std::ptrdiff_t p, std::ptrdiff_t pixels) {
    const Sums sums(pixels, [&](std::ptrdiff_t at, int) INCEPT_ALWAYS_INLINE {
      return typename Sums::Terms{{Simd<Numbers, Isa>::load(block + p * kBlock + at)}};
    });
    for (int i = 0; i < kBlock; ++i) totals.lane[i] += sums.kind[0].lane[i];
  });
}

// Over the plane and the images. A block of channels is one member's.
template <const ChannelSum& S, class Numbers = F32, class Isa = Native>
void sum_channels(Member& t, Batch<const Stored<Numbers>> x, Sum<Numbers>* sums) {
  static_assert(compiled_for<Isa>);
  static_assert(S.blocked, "the channels of a vector are no block");
  for (auto [b, end] = share_in_turn(t, blocks_of(S.channels)); b < end; ++b) {
    Lanes<double> totals;
    for (int image = 0; image < x.images; ++image)
      add_block<Numbers, Isa>(x(image) + b * S.plane() * kBlock, S.plane(), totals);
    for (int i = 0; i < lanes_of(S.channels, b); ++i)
      sums[b * kBlock + i] = static_cast<Sum<Numbers>>(totals.lane[i]);
  }
}

// Over the plane of one image.
template <const ChannelSum& S, class Numbers = F32, class Isa = Native>
void sum_plane(const Member& t, const Stored<Numbers>* x, Stored<Numbers>* sums) {
  static_assert(compiled_for<Isa>);
  static_assert(S.blocked, "a vector has no plane");
  for (auto [b, end] = share(t, blocks_of(S.channels)); b < end; ++b) {
    Lanes<double> totals;
    add_block<Numbers, Isa>(x + b * S.plane() * kBlock, S.plane(), totals);
    for (int i = 0; i < kBlock; ++i)
      sums[b * kBlock + i] = Numbers::write(static_cast<Sum<Numbers>>(totals.lane[i]));
  }
}

}  // namespace incept::cpu
