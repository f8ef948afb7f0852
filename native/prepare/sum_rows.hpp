// The weights of maps that read the same value, as those of one.
#pragma once

#include <cstddef>
#include <initializer_list>

#include "concat_rows.hpp"

namespace incept {

// All of as many floats; added in double and rounded once.
inline void sum_rows(float* out, std::initializer_list<Rows> parts) {
  for (std::size_t i = 0; i < parts.begin()->count; ++i) {
    double total = 0;
    for (const Rows& part : parts) total += part.data[i];
    out[i] = static_cast<float>(total);
  }
}

}  // namespace incept
