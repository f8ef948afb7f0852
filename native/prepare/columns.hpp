// Some columns of a weight: a linear's share of one branch of a concat.
#pragma once

#include <algorithm>
#include <cstddef>

namespace incept {

// From [rows][width] to [rows][count], the columns from `first` on.
inline void columns(std::size_t rows, std::size_t width, std::size_t first, std::size_t count,
                    const float* from, float* to) {
  for (std::size_t r = 0; r < rows; ++r, to += count)
    std::copy_n(from + r * width + first, count, to);
}

}  // namespace incept
