// Tensors stacked along their first dimension: the weights of merged sibling convolutions.
#pragma once

#include <algorithm>
#include <cstddef>
#include <initializer_list>

namespace incept {

// `count` floats at `data`, or as many zeros if it is null (a sibling without a bias).
struct Rows {
  const float* data;
  std::size_t count;
};

inline void concat_rows(float* out, std::initializer_list<Rows> parts) {
  for (const Rows& part : parts) {
    if (part.data)
      std::copy(part.data, part.data + part.count, out);
    else
      std::fill(out, out + part.count, 0.0f);
    out += part.count;
  }
}

}  // namespace incept
