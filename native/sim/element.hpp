// How a kernel holds numbers of each precision. The 16 bit ones can only be stored and converted:
// arithmetic is done in float.
#pragma once

#include <cstdint>

#include "../cuda/number.hpp"

namespace incept::cuda {
namespace sim {

struct Half {
  std::uint16_t bits;
};

struct Bfloat16 {
  std::uint16_t bits;
};

}  // namespace sim

template <class P>
using Element = HeldBy<P, sim::Half, sim::Bfloat16>;

inline float to_float(float value) {
  return value;
}
inline float to_float(sim::Half value) {
  return f16_value(value.bits);
}
inline float to_float(sim::Bfloat16 value) {
  return bf16_value(value.bits);
}

template <class T>
T from_float(float value);
template <>
inline float from_float<float>(float value) {
  return value;
}
template <>
inline sim::Half from_float<sim::Half>(float value) {
  return {f16_bits(value)};
}
template <>
inline sim::Bfloat16 from_float<sim::Bfloat16>(float value) {
  return {bf16_bits(value)};
}

}  // namespace incept::cuda
