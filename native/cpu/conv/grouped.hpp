// Convolution in groups of any size: the outputs of a group in registers of their own, by some
// pixels. A register's lanes past them hold sums that nobody asked for.
#pragma once

#include <algorithm>

#include "../conv.hpp"
#include "../epilogue.hpp"
#include "border.hpp"
#include "segments.hpp"

namespace incept::cpu {

constexpr int group_inputs(const Conv& s) {
  return s.in_channels / s.group_count;
}
constexpr int group_outputs(const Conv& s) {
  return s.out_channels / s.group_count;
}

// Inputs of a group that lie side by side, where they are as many in every group and block; else 0.
constexpr int group_run(const Conv& s) {
  const int inputs = group_inputs(s);
  return inputs % kBlock == 0 ? kBlock : kBlock % inputs == 0 ? inputs : 0;
}

// Calls `visit(channel, count)` for the inputs of a group that lie side by side in a block.
template <int RUN, class Visit>
INCEPT_INLINE void each_run(int first, int last, Visit&& visit) {
  for (int c = first; c < last;) {
    const int count = RUN > 0 ? RUN : std::min(last, (c / kBlock + 1) * kBlock) - c;
    visit(c, count);
    c += count;
  }
}

// Output channels from `output` on, REGISTERS of them by WIDTH pixels of a row.
template <const Conv& S, int REGISTERS, int WIDTH, class Numbers, class Isa>
struct GroupedTile {
  using Simd = cpu::Simd<Numbers, Isa>;
  using Vec = cpu::Vec<Numbers, Isa>;
  using Stored = cpu::Stored<Numbers>;
  using Sum = cpu::Sum<Numbers>;
  using Sums = Vec[WIDTH][REGISTERS];

  static constexpr int kLanes = Isa::kLanes;
  static constexpr int kOutputs = group_outputs(S), kInputs = group_inputs(S);
  static constexpr std::ptrdiff_t kPlane = std::ptrdiff_t(S.out_height) * S.out_width * kBlock;

  // The products of one tap and `count` inputs that lie side by side.
  static INCEPT_INLINE void multiply(Sums& sum, const Sum* x, const Sum* w, int count) {
    INCEPT_UNROLL_4
    for (int i = 0; i < count; ++i, w += kOutputs) {
      Vec weight[REGISTERS];
      INCEPT_UNROLL
      for (int r = 0; r < REGISTERS; ++r) weight[r] = Simd::at(w + r * kLanes);
      INCEPT_UNROLL
      for (int p = 0; p < WIDTH; ++p) {
        const Vec input = Simd::all(x[p * S.stride_width * kBlock + i]);
        INCEPT_UNROLL
        for (int r = 0; r < REGISTERS; ++r) sum[p][r] += weight[r] * input;
      }
    }
  }

  // One pixel's numbers from `channel` on, where channel `end` is not reached: they may lie in two
  // blocks.
  static INCEPT_INLINE Vec take(const Stored* from, int channel, int end) {
    Stored lanes[kLanes] = {};
    const int count = std::min(kLanes, end - channel);
    const int head = std::min(count, kBlock - channel % kBlock);
    INCEPT_NO_UNROLL
    for (int i = 0; i < head; ++i) lanes[i] = from[i];
    INCEPT_NO_UNROLL
    for (int i = head; i < count; ++i) lanes[i] = from[kPlane - kBlock + i];
    return Simd::load(lanes);
  }

  // The other way round: of a register the lanes before channel `end`.
  static INCEPT_INLINE void put(Vec sum, int channel, int end, Stored* out,
                                Added<S, Numbers> added) {
    using Epilogue = cpu::Epilogue<S, Numbers, Isa>;
    if constexpr (S.apart) {
      const int block = channel / kBlock;
      const SharedBlock<Numbers, kPlane> first{out + block * kPlane, S.lane[0],
                                               end - block * kBlock};
      return Epilogue::store(sum, first + channel % kBlock);
    }
    out += channel / kBlock * kPlane + channel % kBlock;
    if constexpr (kOutputs % kLanes == 0) {
      Epilogue::finish(sum, out, added);
    } else {
      if constexpr (S.adds) sum += take(added.at(out), channel, end);
      Stored lanes[kLanes];
      Epilogue::store(sum, lanes);
      if constexpr (kBlock % kOutputs == 0) {
        std::copy(lanes, lanes + std::min(kOutputs, kLanes), out);
      } else {
        const int count = std::clamp(end - channel, 0, kLanes);
        const int head = std::min(count, kBlock - channel % kBlock);
        INCEPT_NO_UNROLL
        for (int i = 0; i < head; ++i) out[i] = lanes[i];
        INCEPT_NO_UNROLL
        for (int i = head; i < count; ++i) out[kPlane - kBlock + i] = lanes[i];
      }
    }
  }

  static INCEPT_INLINE void start(Sums& sum, const Sum* bias, int output, int end) {
    INCEPT_UNROLL
    for (int r = 0; r < REGISTERS; ++r) {
      Sum lanes[kLanes] = {};
      const int first = output + r * kLanes;
      std::copy(bias + first, bias + std::min(first + kLanes, end), lanes);
      INCEPT_UNROLL
      for (int p = 0; p < WIDTH; ++p) sum[p][r] = Simd::at(lanes);
    }
  }

  // `x` is block 0 of the input under the first pixel and tap, `w` the group's weights from
  // `output` on, `out` block 0 of the first pixel.
  static void run(const Sum* x, const Sum* w, const Sum* bias, int group, int output, Stored* out,
                  Added<S, Numbers> added) {
    const int end = (group + 1) * kOutputs;
    Sums sum;
    start(sum, bias, output, end);
    each_run<group_run(S)>(
        group * kInputs, (group + 1) * kInputs, [&](int channel, int count) INCEPT_ALWAYS_INLINE {
          const Sum* from = x + channel / kBlock * block_pitch(S, kBlock) + channel % kBlock;
          INCEPT_NO_UNROLL
          for (int ky = 0; ky < S.kernel_height; ++ky) {
            const Sum* row = from + ky * S.dilation_height * row_pitch(S, kBlock);
            INCEPT_NO_UNROLL
            for (int kx = 0; kx < S.kernel_width; ++kx, w += count * kOutputs)
              multiply(sum, row + kx * S.dilation_width * kBlock, w, count);
          }
        });
    INCEPT_UNROLL
    for (int p = 0; p < WIDTH; ++p) {
      INCEPT_UNROLL
      for (int r = 0; r < REGISTERS; ++r)
        put(sum[p][r], output + r * kLanes, end, out + p * kBlock, added);
    }
  }
};

// Up to REGISTERS registers of a group's outputs by up to PIXELS pixels at once.
template <int REGISTERS, int PIXELS>
struct Grouped : PaddedBias {
  static constexpr bool fits(const Conv& s) { return s.segments == 1; }

  // The last register that is loaded may reach past the last weight.
  static constexpr std::size_t packed_weights(const Conv& s) {
    return std::size_t(s.out_channels) * group_inputs(s) * s.kernel_height * s.kernel_width +
           kBlock;
  }

  template <class Numbers = F32>
  static constexpr std::size_t workspace(const Conv& s) {
    return copy_bytes<Sum<Numbers>, Numbers>(s, kBlock);
  }

  // For each group: [inputs side by side in a block][kernel height][kernel width][input][output].
  template <class Numbers = F32>
  static void pack(const Conv& s, const float* weight, Sum<Numbers>* packed) {
    const int inputs = group_inputs(s), outputs = group_outputs(s);
    const std::ptrdiff_t taps = std::ptrdiff_t(s.kernel_height) * s.kernel_width;
    for (int g = 0; g < s.group_count; ++g)
      each_run<0>(g * inputs, (g + 1) * inputs, [&](int channel, int count) {
        for (std::ptrdiff_t tap = 0; tap < taps; ++tap)
          for (int c = channel - g * inputs; c < channel - g * inputs + count; ++c)
            for (int o = 0; o < outputs; ++o)
              *packed++ = weight[((g * outputs + o) * std::ptrdiff_t(inputs) + c) * taps + tap];
      });
    std::fill(packed, packed + kBlock, Sum<Numbers>{});
  }

  // The lines are rows, or the whole plane where a convolution does not care about them.
  template <const Conv& S, class Numbers, class Isa>
  static void run(Member& t, const ConvInput<S, Numbers>* image, const Sum<Numbers>* weights,
                  const Sum<Numbers>* bias, Sum<Numbers>* workspace, Stored<Numbers>* const* outs,
                  Added<S, Numbers> added) {
    constexpr bool pointwise = is_pointwise(S);
    constexpr int width = pointwise ? S.out_height * S.out_width : S.out_width;
    constexpr int lines = pointwise ? 1 : S.out_height, stretches = ceil_div(width, PIXELS);
    const Sum<Numbers>* in =
        with_border<S, kBlock, Sum<Numbers>, Numbers, Isa>(t, image, workspace);
    constexpr std::ptrdiff_t multiplies = std::ptrdiff_t(width / stretches) * group_inputs(S) *
                                          S.kernel_height * S.kernel_width *
                                          ceil_div(group_outputs(S), Isa::kLanes);
    for (auto [item, end] :
         t.stretches(std::ptrdiff_t(S.group_count) * lines * stretches, enough(multiplies)))
      for (; item < end; ++item) {
        const int index = static_cast<int>(item % stretches);
        const int y = static_cast<int>(item / stretches % lines);
        const int group = static_cast<int>(item / stretches / lines);
        const int x = index * (width / stretches) + std::min(index, width % stretches);
        const Sum<Numbers>* from =
            in + y * S.stride_height * row_pitch(S, kBlock) + x * S.stride_width * kBlock;
        Stored<Numbers>* to = outs[0] + (std::ptrdiff_t(y) * S.out_width + x) * kBlock;
        if (index < width % stretches)
          outputs<S, width / stretches + 1, Numbers, Isa>(from, weights, bias, group, to, added);
        else
          outputs<S, width / stretches, Numbers, Isa>(from, weights, bias, group, to, added);
      }
  }

 private:
  // All outputs of a group, for one stretch of pixels.
  template <const Conv& S, int WIDTH, class Numbers, class Isa>
  static void outputs(const Sum<Numbers>* x, const Sum<Numbers>* weights, const Sum<Numbers>* bias,
                      int group, Stored<Numbers>* out, Added<S, Numbers> added) {
    constexpr int registers = ceil_div(group_outputs(S), Isa::kLanes);
    constexpr int most = std::min(registers, REGISTERS), rest = registers % most;
    constexpr std::ptrdiff_t taps = std::ptrdiff_t(S.kernel_height) * S.kernel_width;
    const Sum<Numbers>* w = weights + group * taps * group_inputs(S) * group_outputs(S);
    const int first = group * group_outputs(S);
    int done = 0;
    for (; done + most <= registers; done += most)
      GroupedTile<S, most, WIDTH, Numbers, Isa>::run(x, w + done * Isa::kLanes, bias, group,
                                                     first + done * Isa::kLanes, out, added);
    if constexpr (rest > 0)
      GroupedTile<S, rest, WIDTH, Numbers, Isa>::run(x, w + done * Isa::kLanes, bias, group,
                                                     first + done * Isa::kLanes, out, added);
  }
};

}  // namespace incept::cpu
