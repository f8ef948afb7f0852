// 1x1 convolutions as products of packed weights (pixels.hpp): members share out the pixels of the
// image, or where there are few of them the weights.
#pragma once

#include <algorithm>

#include "../conv.hpp"
#include "direct.hpp"
#include "pixels.hpp"

namespace incept::cpu {

// BLOCKS output blocks by PIXELS pixels in registers, DEPTH input channels at a time.
template <int BLOCKS, int PIXELS, int DEPTH>
struct Pointwise : PaddedBias {
  static constexpr bool fits(const Conv& s) {
    return is_pointwise(s) && s.group_count == 1 && !s.planar_input;
  }

  static constexpr std::size_t packed_weights(const Conv& s) {
    return Direct<BLOCKS, PIXELS>::packed_weights(s);
  }
  template <class Numbers = F32>
  static constexpr std::size_t workspace(const Conv&) {
    return 0;
  }
  static constexpr int tiles(const Conv& s) { return direct_cut(s, PIXELS).stretches; }

  // As Direct: [output blocks / BLOCKS][inputs][BLOCKS * 16].
  template <class Numbers = F32>
  static void pack(const Conv& s, const float* weight, Sum<Numbers>* packed) {
    Direct<BLOCKS, PIXELS>::template pack<Numbers>(s, weight, packed);
  }

  template <const Conv& S, class Numbers, class Isa>
  static void run(Member& t, const Stored<Numbers>* in, const Sum<Numbers>* weights,
                  const Sum<Numbers>* bias, Sum<Numbers>*, Stored<Numbers>* const* outs,
                  Added<S, Numbers> added) {
    using Products =
        PixelProducts<S, BLOCKS, PIXELS, DEPTH, S.out_height * S.out_width, Numbers, Isa>;
    constexpr int groups = Products::kGroups, stretches = Products::kStretches;
    constexpr std::ptrdiff_t plane = std::ptrdiff_t(S.in_height) * S.in_width * kBlock;
    const Products products{in, plane, 0, weights, bias, outs, added};
    // Members share out pixels where there are plenty, else output blocks and their weights.
    if (stretches >= 8 * t.size()) {
      // As many at a time as fall to a member, if not so many that weights are a small part.
      const std::ptrdiff_t least = std::min(16, stretches / t.size());
      for (const auto [begin, end] : t.stretches(stretches, least))
        products.run(int(begin), int(end), 0, groups);
      return;
    }
    constexpr std::ptrdiff_t multiplies = std::ptrdiff_t(BLOCKS) * PIXELS * S.in_channels;
    for (auto [item, end] : t.stretches(std::ptrdiff_t(groups) * stretches, enough(multiplies)))
      while (item < end) {
        const int group = int(item / stretches), first = int(item % stretches);
        const int last = int(std::min<std::ptrdiff_t>(stretches, first + (end - item)));
        products.run(first, last, group, group + 1);
        item += last - first;
      }
  }
};

}  // namespace incept::cpu
