// The input as the algorithms read it: [blocks][padded height][padded width][lanes], with its zero
// border. One copy, well under 1 % of a convolution's time, and no tile has an edge case. A planar
// image is interleaved on the way, and of numbers that an algorithm does not compute with others
// are made: a copy says what it is `To`.
#pragma once

#include <algorithm>
#include <type_traits>

#include "../numbers.hpp"
#include "../team.hpp"

namespace incept::cpu {

// `lanes` is 16 where the input is blocked; an algorithm may take a planar one with fewer.
constexpr std::ptrdiff_t pixel_pitch(int lanes) {
  return lanes;
}
constexpr std::ptrdiff_t row_pitch(const Conv& s, int lanes) {
  return s.padded_width() * pixel_pitch(lanes);
}
constexpr std::ptrdiff_t block_pitch(const Conv& s, int lanes) {
  return s.padded_height() * row_pitch(s, lanes);
}

constexpr bool needs_border(const Conv& s) {
  return s.planar_input || s.padded();
}

// A 1x1 convolution that touches every pixel once does not care about rows.
constexpr bool is_pointwise(const Conv& s) {
  return s.kernel_height == 1 && s.kernel_width == 1 && s.stride_height == 1 &&
         s.stride_width == 1 && !s.padded();
}

template <class To, class Numbers>
constexpr bool needs_copy(const Conv& s, bool clears) {
  return clears || needs_border(s) || !std::is_same_v<To, Stored<Numbers>>;
}

// Bytes of the copy, none where the input is read where it lies.
template <class To, class Numbers>
constexpr std::size_t copy_bytes(const Conv& s, int lanes, bool clears = false) {
  if (!needs_copy<To, Numbers>(s, clears)) return 0;
  return workspace_bytes(std::size_t(blocks_of(s.in_channels)) * block_pitch(s, lanes), sizeof(To));
}

// A caller's number.
template <class To, class Numbers>
INCEPT_INLINE To taken(Sum<Numbers> x) {
  if constexpr (std::is_same_v<To, Sum<Numbers>>)
    return x;
  else
    return Numbers::write(x);
}

// What a convolution reads: an image in blocks, or as the caller has it.
template <const Conv& S, class Numbers>
using ConvInput = std::conditional_t<S.planar_input, Sum<Numbers>, Stored<Numbers>>;

// Interior of one row: `width` pixels of block `block`.
template <const Conv& S, int LANES, class To, class Numbers, class Isa, bool CLEARS>
void copy_row(const ConvInput<S, Numbers>* in, int block, int y, To* to) {
  constexpr std::ptrdiff_t plane = std::ptrdiff_t(S.in_height) * S.in_width;
  if constexpr (S.planar_input) {
    const int channels = std::min(LANES, S.in_channels - block * LANES);
    const Sum<Numbers>* from = in + block * LANES * plane + std::ptrdiff_t(y) * S.in_width;
    for (int c = 0; c < channels; ++c, from += plane)
      for (int x = 0; x < S.in_width; ++x) to[x * LANES + c] = taken<To, Numbers>(from[x]);
  } else {
    const Stored<Numbers>* from = in + (block * plane + std::ptrdiff_t(y) * S.in_width) * kBlock;
    if constexpr (std::is_same_v<To, Stored<Numbers>>)
      std::copy(from, from + S.in_width * kBlock, to);
    else
      for (int i = 0; i < S.in_width * kBlock; ++i) to[i] = Numbers::read(from[i]);
  }
  if constexpr (CLEARS) {
    constexpr To zero{};
    for (int x = 0; block == S.in_channels / LANES && x < S.in_width; ++x)
      std::fill(to + x * LANES + S.in_channels % LANES, to + (x + 1) * LANES, zero);
  }
}

// Each member writes its share of the rows.
template <const Conv& S, int LANES, class To, class Numbers, class Isa, bool CLEARS>
void copy_with_border(Member& t, const ConvInput<S, Numbers>* in, To* to) {
  constexpr int height = S.padded_height(), width = S.padded_width();
  constexpr int right = (S.pad_left + S.in_width) * LANES;
  constexpr To zero{};
  for (auto [item, end] :
       t.stretches(std::ptrdiff_t(blocks_of(S.in_channels)) * height, enough(width)))
    for (; item < end; ++item) {
      const int block = static_cast<int>(item / height),
                y = static_cast<int>(item % height) - S.pad_top;
      To* row = to + item * width * LANES;
      if (y < 0 || y >= S.in_height) {
        std::fill(row, row + width * LANES, zero);
        continue;
      }
      std::fill(row, row + S.pad_left * LANES, zero);
      copy_row<S, LANES, To, Numbers, Isa, CLEARS>(in, block, y, row + S.pad_left * LANES);
      std::fill(row + right, row + width * LANES, zero);
    }
}

// The input in this form: where it lies, or its copy in `workspace`, which all members have
// finished.
template <const Conv& S, int LANES, class To, class Numbers, class Isa, bool CLEARS = false>
const To* with_border(Member& t, const ConvInput<S, Numbers>* in, Sum<Numbers>* workspace) {
  static_assert(S.planar_input || LANES == kBlock, "a blocked input has all lanes of its blocks");
  if constexpr (needs_copy<To, Numbers>(S, CLEARS)) {
    To* const copy = reinterpret_cast<To*>(workspace);
    copy_with_border<S, LANES, To, Numbers, Isa, CLEARS>(t, in, copy);
    t.barrier();
    return copy;
  } else {
    return in;
  }
}

}  // namespace incept::cpu
