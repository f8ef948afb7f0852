// On the host, at load: f32 parameters to prepared weights, rounded to the network's precision and
// in the order that the libraries read them in. Nothing here needs CUDA.
#pragma once

#include <cstddef>
#include <cstring>
#include <vector>

#include "../layers/layers.hpp"
#include "../prepare/turn_weights.hpp"
#include "number.hpp"

namespace incept::cuda {

// ---- Sizes in bytes. Emitted offsets rest on them.

template <class P>
constexpr std::size_t packed_weights(const Conv& s) {
  return std::size_t(s.out_channels) * s.kernel_height * s.kernel_width *
         (s.in_channels / s.group_count) * size_of(P::type);
}

template <class P>
constexpr std::size_t packed_weights(const Linear& s) {
  return std::size_t(s.feature_count) * s.channels * s.plane() * size_of(P::type);
}

template <class P>
constexpr std::size_t packed_bias(const Conv& s) {
  return s.out_channels * size_of(P::type);
}

template <class P>
constexpr std::size_t packed_bias(const Linear& s) {
  return s.feature_count * size_of(P::type);
}

// ---- Packing.

// Rounds a number and stores it as number `index` of `to`.
template <class P>
void put(float value, std::size_t index, std::byte* to) {
  const typename P::Stored stored = P::store(value);
  std::memcpy(to + index * sizeof stored, &stored, sizeof stored);
}

// `rows` matrices [channels][plane], each turned to [plane][channels].
template <class P>
void pack_channels_last(std::size_t rows, std::size_t channels, std::size_t plane,
                        const float* from, std::byte* to) {
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t p = 0; p < plane; ++p)
      for (std::size_t c = 0; c < channels; ++c)
        put<P>(from[(row * channels + c) * plane + p], (row * plane + p) * channels + c, to);
}

// [k][c / groups][r][s] to [k][r][s][c / groups].
template <class P>
void pack_conv(const Conv& s, const float* weight, std::byte* to) {
  pack_channels_last<P>(s.out_channels, s.in_channels / s.group_count,
                        std::size_t(s.kernel_height) * s.kernel_width, weight, to);
}

// The weight of the convolution that `s` is the transpose of, [c][k / groups][r][s].
template <class P>
void pack_conv_transpose(const Conv& s, const float* weight, std::byte* to) {
  const auto groups = static_cast<std::size_t>(s.group_count);
  const std::size_t inputs = s.in_channels / groups, outputs = s.out_channels / groups;
  const std::size_t taps = std::size_t(s.kernel_height) * s.kernel_width;
  std::vector<float> turned(groups * inputs * outputs * taps);
  turn_weights(groups, inputs, outputs, taps, weight, turned.data());
  pack_conv<P>(s, turned.data(), to);
}

// [features][c][h][w] to [features][h][w][c]; for a vector the order stays.
template <class P>
void pack_linear(const Linear& s, const float* weight, std::byte* to) {
  pack_channels_last<P>(s.feature_count, s.channels, s.plane(), weight, to);
}

// `count` numbers; zeros if there is no bias.
template <class P>
void pack_bias(std::size_t count, const float* bias, std::byte* to) {
  for (std::size_t i = 0; i < count; ++i) put<P>(bias != nullptr ? bias[i] : 0, i, to);
}

template <class P>
void pack_bias(const Conv& s, const float* bias, std::byte* to) {
  pack_bias<P>(static_cast<std::size_t>(s.out_channels), bias, to);
}

template <class P>
void pack_bias(const Linear& s, const float* bias, std::byte* to) {
  pack_bias<P>(static_cast<std::size_t>(s.feature_count), bias, to);
}

// Numbers that stay f32 in every precision: batch normalisations, scales.
inline void pack_numbers(std::size_t count, const float* values, std::byte* to) {
  std::memcpy(to, values, count * sizeof *values);
}

}  // namespace incept::cuda
