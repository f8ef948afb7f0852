// The weights of maps that read the same value, as those of one; and those of a map times a factor.
#pragma once

#include <cstddef>
#include <initializer_list>

namespace incept {

// `factor` times the `count` floats at `data`.
struct ScaledRows {
  const float* data;
  std::size_t count;
  double factor = 1;
};

// All of as many floats; added in double and rounded once.
inline void sum_rows(float* out, std::initializer_list<ScaledRows> parts) {
  for (std::size_t i = 0; i < parts.begin()->count; ++i) {
    double total = 0;
    for (const ScaledRows& part : parts) total += part.factor * part.data[i];
    out[i] = static_cast<float>(total);
  }
}

}  // namespace incept
