// Winograd's convolution of a planar image, with any stride. Taps and inputs at a distance of a
// multiple of the stride are a phase: a convolution of stride 1 reads as many more channels as
// there are phases, and has as many fewer taps. GoogLeNet's stem, 7x7/2 of 3 channels, is one of
// 4x4 taps of 12: with tiles of 5x5 outputs it takes 31 products an output and channel instead of
// 147.
#pragma once

#include <algorithm>
#include <type_traits>
#include <vector>

#include "winograd.hpp"

namespace incept::cpu {

constexpr int phases(const Conv& s) {
  return s.stride_height * s.stride_width;
}

// The convolution of stride 1 whose channels are (phase of row, phase of column, channel) of `s`;
// its input has its border.
constexpr Conv phased(Conv s) {
  const int height = ceil_div(s.kernel_height, s.stride_height),
            width = ceil_div(s.kernel_width, s.stride_width);
  s.in_channels *= phases(s);
  s.in_height = s.out_height + height - 1, s.in_width = s.out_width + width - 1;
  s.kernel_height = height, s.kernel_width = width;
  s.stride_height = s.stride_width = 1;
  s.pad_top = s.pad_left = s.pad_bottom = s.pad_right = 0;
  s.planar_input = false;
  return s;
}

// As Winograd<HEIGHT, WIDTH, BLOCKS, TILES, SHARE>, of phases.
template <int HEIGHT, int WIDTH, int BLOCKS, int TILES, WinogradShare SHARE>
struct PhasedWinograd : PaddedBias {
  using Tiles = Winograd<HEIGHT, WIDTH, BLOCKS, TILES, SHARE>;

  static constexpr bool fits(const Conv& s) {
    return s.group_count == 1 && s.planar_input && s.dilation_height == 1 &&
           s.dilation_width == 1 && Tiles::fits(phased(s));
  }

  static constexpr std::size_t packed_weights(const Conv& s) {
    return Tiles::packed_weights(phased(s));
  }

  template <class Numbers = F32>
  static constexpr std::size_t workspace(const Conv& s) {
    return image_bytes<Numbers>(s) + Tiles::template workspace<Numbers>(phased(s));
  }

  // Weights of taps past the kernel's last are zeros.
  template <class Numbers = F32>
  static void pack(const Conv& s, const float* weight, Sum<Numbers>* packed) {
    const Conv own = phased(s);
    std::vector<float> taps;
    taps.reserve(std::size_t(own.out_channels) * own.in_channels * own.kernel_height *
                 own.kernel_width);
    const auto at = [&](int o, int c, int y, int x) {
      if (y >= s.kernel_height || x >= s.kernel_width) return 0.0f;
      const std::ptrdiff_t plane = std::ptrdiff_t(o) * s.in_channels + c;
      return weight[(plane * s.kernel_height + y) * s.kernel_width + x];
    };
    for (int o = 0; o < own.out_channels; ++o)
      for (int i = 0; i < own.in_channels; ++i) {
        const int phase = i / s.in_channels, row = phase / s.stride_width;
        for (int y = 0; y < own.kernel_height; ++y)
          for (int x = 0; x < own.kernel_width; ++x)
            taps.push_back(at(o, i % s.in_channels, y * s.stride_height + row,
                              x * s.stride_width + phase % s.stride_width));
      }
    Tiles::template pack<Numbers>(own, taps.data(), packed);
  }

  template <const Conv& S, class Numbers, class Isa>
  static void run(Member& t, const Sum<Numbers>* in, const Sum<Numbers>* weights,
                  const Sum<Numbers>* bias, Sum<Numbers>* workspace, Stored<Numbers>* const* outs,
                  Added<S, Numbers> added) {
    static constexpr Conv own = phased(S);
    constexpr std::size_t numbers = image_bytes<Numbers>(S) / sizeof(Sum<Numbers>);
    image<S, Numbers, Isa>(t, in, workspace);
    t.barrier();
    Tiles::template run<own, Numbers, Isa>(t, static_cast<const Sum<Numbers>*>(workspace), weights,
                                           bias, workspace + numbers, outs, added);
  }

 private:
  template <class Numbers>
  static constexpr std::size_t image_bytes(const Conv& s) {
    const Conv own = phased(s);
    return workspace_bytes(
        std::size_t(blocks_of(own.in_channels)) * own.in_height * own.in_width * kBlock,
        sizeof(Sum<Numbers>));
  }

  // The image as `phased` has it, blocked. Lanes past the last channel may hold any number; in
  // memory that held numbers of 16 bits these would be subnormal as floats, and slow to compute
  // with. Members claim rows.
  template <const Conv& S, class Numbers, class Isa>
  static void image(Member& t, const Sum<Numbers>* in, Sum<Numbers>* to) {
    constexpr Conv own = phased(S);
    constexpr int height = own.in_height, width = own.in_width;
    for (auto [y, end] : t.stretches(height, enough(width * own.in_channels)))
      for (; y < end; ++y) {
        if constexpr (own.in_channels % kBlock != 0 &&
                      !std::is_same_v<Stored<Numbers>, Sum<Numbers>>) {
          Sum<Numbers>* last = to + (own.in_channels / kBlock * height + y) * width * kBlock;
          std::fill(last, last + width * kBlock, Sum<Numbers>{});
        }
        for (int i = 0; i < own.in_channels; ++i)
          lane<S, Numbers, Isa>(in + std::ptrdiff_t(i % S.in_channels) * S.in_height * S.in_width,
                                int(y), i / S.in_channels,
                                to + (i / kBlock * height + y) * width * kBlock + i % kBlock);
      }
  }

  // A row of one channel at one phase: every stride-th number of a row of its plane, and zeros
  // around.
  template <const Conv& S, class Numbers, class Isa>
  static void lane(const Sum<Numbers>* plane, int y, int phase, Sum<Numbers>* to) {
    constexpr int width = phased(S).in_width, step = S.stride_width;
    const int row = y * S.stride_height + phase / step - S.pad_top,
              left = S.pad_left - phase % step;
    const bool inside = row >= 0 && row < S.in_height;
    const int first = inside ? std::min(width, ceil_div(std::max(left, 0), step)) : width;
    const int last = inside ? std::min(width, ceil_div(S.in_width + left, step)) : width;
    const std::ptrdiff_t from = std::ptrdiff_t(row) * S.in_width - left;
    const auto at = [to](int x) -> Sum<Numbers>& { return to[std::ptrdiff_t(x) * kBlock]; };
    for (int x = 0; x < first; ++x) at(x) = {};
    for (int x = first; x < last; ++x) at(x) = plane[from + x * step];
    for (int x = std::max(first, last); x < width; ++x) at(x) = {};
  }
};

}  // namespace incept::cpu
