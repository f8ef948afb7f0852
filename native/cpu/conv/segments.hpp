// The outputs of a convolution: its segments, one value each, padded to whole blocks.
#pragma once

#include <cstddef>
#include <vector>

#include "../apart.hpp"
#include "../numbers.hpp"

namespace incept::cpu {

// Output blocks of all segments.
constexpr int blocks(const Conv& s) {
  int count = 0;
  for (int i = 0; i < s.segments; ++i) count += blocks_of(s.segment[i]);
  return count;
}

template <const Conv& S>
constexpr std::ptrdiff_t kOutPlane = std::ptrdiff_t(S.out_height) * S.out_width * kBlock;

// Where a block of outputs is stored.
template <const Conv& S, class Numbers>
using Output = std::conditional_t<S.apart, SharedBlock<Numbers, kOutPlane<S>>, Stored<Numbers>*>;

// Where output block `block` of all segments lies.
template <const Conv& S, class Numbers, class Isa>
Output<S, Numbers> block_plane(Stored<Numbers>* const* outs, int block) {
  int segment = 0;
  for (; block >= blocks_of(S.segment[segment]); ++segment) block -= blocks_of(S.segment[segment]);
  Stored<Numbers>* plane = outs[segment] + block * kOutPlane<S>;
  if constexpr (S.apart)
    return {plane, S.lane[segment], std::min(kBlock, S.segment[segment] - block * kBlock)};
  else
    return plane;
}

// The checkpoint's output channel at each lane of the padded segments, -1 past a segment's end.
inline std::vector<int> lane_channels(const Conv& s) {
  std::vector<int> channels;
  for (int i = 0, next = 0; i < s.segments; ++i)
    for (int lane = 0; lane < blocks_of(s.segment[i]) * kBlock; ++lane)
      channels.push_back(lane < s.segment[i] ? next++ : -1);
  return channels;
}

// A bias for each lane of the segments, or for each place of the one output.
struct PaddedBias {
  // What weights are packed as, unless the algorithm says otherwise.
  template <class Numbers>
  using Packed = Sum<Numbers>;

  static constexpr std::size_t packed_bias(const Conv& s) {
    return std::size_t(kBlock) * blocks(s);
  }

  template <class Numbers = F32>
  static void pack_bias(const Conv& s, const float* bias, Sum<Numbers>* packed) {
    for (int channel : lane_channels(s))
      *packed++ = bias && channel >= 0 ? Sum<Numbers>(bias[channel]) : Sum<Numbers>{};
  }

  static constexpr std::size_t packed_places(const Conv& s) {
    return packed_bias(s) * s.out_height * s.out_width;
  }

  // From [out][out height][out width] to where the output has them: what conv_add adds.
  template <class Numbers = F32>
  static void pack_places(const Conv& s, const float* bias, Stored<Numbers>* packed) {
    const std::ptrdiff_t plane = std::ptrdiff_t(s.out_height) * s.out_width;
    for (int first = 0; first < s.out_channels; first += kBlock)
      for (std::ptrdiff_t p = 0; p < plane; ++p)
        for (int c = first; c < first + kBlock; ++c)
          *packed++ = c < s.out_channels ? Numbers::write(bias[c * plane + p]) : Stored<Numbers>{};
  }
};

}  // namespace incept::cpu
