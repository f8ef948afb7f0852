// The precisions of a network, by the names that emitted code uses, and how the host rounds to
// them. Nothing here needs CUDA's headers; element.hpp has the kernels' side.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace incept::cuda {

// How a number is stored.
enum class Type { kF32, kF16, kBF16 };

constexpr std::size_t size_of(Type type) {
  return type == Type::kF32 ? 4 : 2;
}

constexpr const char* name_of(Type type) {
  return type == Type::kF32 ? "f32" : type == Type::kF16 ? "f16" : "bf16";
}

inline std::uint32_t bits_of(float value) {
  std::uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

inline float float_of(std::uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

// IEEE 754 binary16, to nearest, ties to even; what is too large becomes infinity, and NaN stays.
inline std::uint16_t f16_bits(float value) {
  const std::uint32_t bits = bits_of(value);
  const std::uint32_t sign = bits >> 16 & 0x8000u;
  const std::uint32_t magnitude = bits & 0x7fffffffu;
  if (magnitude > 0x7f800000u) return static_cast<std::uint16_t>(sign | 0x7e00u);
  if (magnitude >= 0x477ff000u) return static_cast<std::uint16_t>(sign | 0x7c00u);
  if (magnitude < 0x38800000u) {  // Subnormal: a multiple of 2^-24, which the addition rounds to.
    const float rounded = float_of(magnitude) + 0.5f;
    return static_cast<std::uint16_t>(sign | (bits_of(rounded) - 0x3f000000u));
  }
  const std::uint32_t odd = magnitude >> 13 & 1u;
  return static_cast<std::uint16_t>(sign | ((magnitude - 0x38000000u + 0xfffu + odd) >> 13));
}

inline float f16_value(std::uint16_t half) {
  const std::uint32_t sign = (half & 0x8000u) << 16;
  const std::uint32_t rest = half & 0x7fffu;
  if (rest >= 0x7c00u) return float_of(sign | 0x7f800000u | (rest & 0x3ffu) << 13);
  if (rest >= 0x400u) return float_of(sign | ((rest << 13) + 0x38000000u));
  const float magnitude = static_cast<float>(rest) * (1.0f / 16777216.0f);
  return sign ? -magnitude : magnitude;
}

// The upper half of a float, to nearest, ties to even.
inline std::uint16_t bf16_bits(float value) {
  const std::uint32_t bits = bits_of(value);
  if ((bits & 0x7fffffffu) > 0x7f800000u) return static_cast<std::uint16_t>(bits >> 16 | 0x40u);
  return static_cast<std::uint16_t>((bits + 0x7fffu + (bits >> 16 & 1u)) >> 16);
}

inline float bf16_value(std::uint16_t half) {
  return float_of(static_cast<std::uint32_t>(half) << 16);
}

// Of the types that hold 16 bits, and float, the one for the precision P.
template <class P, class F16, class BF16>
using HeldBy = std::conditional_t<P::type == Type::kF32, float,
                                  std::conditional_t<P::type == Type::kF16, F16, BF16>>;

// A precision says how numbers are stored (`Stored`, rounded by `store`) and whether convolutions
// and matrix products may round their inputs to tf32.
struct f32 {
  static constexpr Type type = Type::kF32;
  static constexpr bool tf32_allowed = false;
  using Stored = float;
  static Stored store(float value) { return value; }
};

struct tf32 : f32 {
  static constexpr bool tf32_allowed = true;
};

struct f16 {
  static constexpr Type type = Type::kF16;
  static constexpr bool tf32_allowed = false;
  using Stored = std::uint16_t;
  static Stored store(float value) { return f16_bits(value); }
};

struct bf16 {
  static constexpr Type type = Type::kBF16;
  static constexpr bool tf32_allowed = false;
  using Stored = std::uint16_t;
  static Stored store(float value) { return bf16_bits(value); }
};

}  // namespace incept::cuda
