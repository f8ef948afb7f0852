// A pool and the 1x1 convolution behind it as one: a member pools all channels of a few rows, whose
// numbers stay in its caches, and multiplies them by the packed weights (pixels.hpp).
#pragma once

#include <algorithm>

#include "../conv.hpp"
#include "../pool.hpp"
#include "direct.hpp"
#include "pixels.hpp"

namespace incept::cpu {

// Products as of Pointwise<BLOCKS, PIXELS, DEPTH>, of at most ROWS output rows at a time.
template <int BLOCKS, int PIXELS, int DEPTH, int ROWS>
struct Pooled : PaddedBias {
  static constexpr bool fits(const Conv& s) {
    return is_pointwise(s) && s.group_count == 1 && !s.planar_input &&
           pooled_bytes(s) <= kMemberScratch;
  }

  static constexpr std::size_t packed_weights(const Conv& s) {
    return Direct<BLOCKS, PIXELS>::packed_weights(s);
  }
  template <class Numbers = F32>
  static constexpr std::size_t workspace(const Conv&) {
    return 0;
  }

  // As Direct: [output blocks / BLOCKS][inputs][BLOCKS * 16].
  template <class Numbers = F32>
  static void pack(const Conv& s, const float* weight, Sum<Numbers>* packed) {
    Direct<BLOCKS, PIXELS>::template pack<Numbers>(s, weight, packed);
  }

  // `S` is the convolution of what `P` makes of the input.
  template <const Pool& P, const Conv& S, class Fold, class Numbers, class Isa>
  static void run(Member& t, const Stored<Numbers>* in, const Sum<Numbers>* weights,
                  const Sum<Numbers>* bias, Stored<Numbers>* const* outs) {
    constexpr int strips = ceil_div(S.out_height, ROWS);
    constexpr int length = S.out_height / strips, longer = S.out_height % strips;
    const auto of = [&](auto rows, int y) {
      strip<P, S, decltype(rows)::value, Fold, Numbers, Isa>(t, y, in, weights, bias, outs);
    };
    constexpr std::ptrdiff_t multiplies =
        std::ptrdiff_t(blocks(S)) * S.in_channels * length * S.out_width;
    for (auto [index, end] : t.stretches(strips, enough(multiplies)))
      for (; index < end; ++index) {
        const int y = int(index) * length + std::min(int(index), longer);
        if constexpr (longer > 0)
          if (index < longer) {
            of(std::integral_constant<int, length + 1>{}, y);
            continue;
          }
        of(std::integral_constant<int, length>{}, y);
      }
  }

 private:
  static constexpr std::size_t pooled_bytes(const Conv& s) {
    return sizeof(float) * kBlock * blocks_of(s.in_channels) * ROWS * s.out_width;
  }

  // COUNT output rows from `y` on.
  template <const Pool& P, const Conv& S, int COUNT, class Fold, class Numbers, class Isa>
  static void strip(const Member& t, int y, const Stored<Numbers>* in, const Sum<Numbers>* weights,
                    const Sum<Numbers>* bias, Stored<Numbers>* const* outs) {
    constexpr std::ptrdiff_t row = std::ptrdiff_t(S.out_width) * kBlock;
    constexpr std::ptrdiff_t plane = std::ptrdiff_t(P.in_height) * P.in_width * kBlock;
    auto* pooled = reinterpret_cast<Stored<Numbers>*>(t.scratch());
    for (int block = 0; block < blocks_of(S.in_channels); ++block)
      for (int r = 0; r < COUNT; ++r)
        PoolWindows<P, Fold, Numbers, Isa>{PoolRow<P, Isa>(y + r), in + block * plane,
                                           pooled + (block * COUNT + r) * row}
            .run();
    using Products = PixelProducts<S, BLOCKS, PIXELS, DEPTH, COUNT * S.out_width, Numbers, Isa>;
    const Products products{pooled, COUNT * row, std::ptrdiff_t(y) * S.out_width, weights, bias,
                            outs,   {}};
    products.run(0, Products::kStretches, 0, Products::kGroups);
  }
};

template <const Pool& P, const Conv& S, class Algorithm, class Fold, class Numbers, class Isa,
          class... Out>
void pool_conv(Member& t, const Stored<Numbers>* in, const Sum<Numbers>* weights,
               const Sum<Numbers>* bias, Out*... out) {
  static_assert(Algorithm::fits(S), "the algorithm does not compute this layer");
  static_assert(
      P.in_channels == S.in_channels && P.out_height == S.in_height && P.out_width == S.in_width,
      "the convolution sees what the pool makes");
  static_assert(!S.adds && sizeof...(out) == S.segments, "one output a segment");
  Stored<Numbers>* const outs[] = {out...};
  Algorithm::template run<P, S, Fold, Numbers, Isa>(t, in, weights, bias, outs);
}

// `in` blocked, as `P` says; weights and bias as Algorithm packed them for `S`, the convolution of
// what the pool makes; one blocked `out` a segment.
template <const Pool& P, const Conv& S, class Algorithm, class Numbers = F32, class Isa = Native,
          class... Out>
void max_pool_conv(Member& t, const Stored<Numbers>* in, const Sum<Numbers>* weights,
                   const Sum<Numbers>* bias, Out*... out) {
  pool_conv<P, S, Algorithm, MaxFold<Numbers, Isa>, Numbers, Isa>(t, in, weights, bias, out...);
}

template <const Pool& P, const Conv& S, class Algorithm, class Numbers = F32, class Isa = Native,
          class... Out>
void avg_pool_conv(Member& t, const Stored<Numbers>* in, const Sum<Numbers>* weights,
                   const Sum<Numbers>* bias, Out*... out) {
  pool_conv<P, S, Algorithm, MeanFold<Numbers, Isa>, Numbers, Isa>(t, in, weights, bias, out...);
}

}  // namespace incept::cpu
