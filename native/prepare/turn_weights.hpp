// The weight of the convolution that is another one's derivative by its input.
#pragma once

#include <algorithm>
#include <cstddef>

namespace incept {

// From [groups * outputs][inputs][taps] to [groups * inputs][outputs][taps], the taps the other way
// round. A few inputs at a time: then both are read and written along their rows.
inline void turn_weights(std::size_t groups, std::size_t outputs, std::size_t inputs,
                         std::size_t taps, const float* weight, float* turned) {
  constexpr std::size_t at_once = 16;
  const std::size_t group = outputs * inputs * taps;
  for (std::size_t g = 0; g < groups; ++g, weight += group, turned += group)
    for (std::size_t first = 0; first < inputs; first += at_once)
      for (std::size_t o = 0; o < outputs; ++o)
        for (std::size_t i = first; i < std::min(first + at_once, inputs); ++i) {
          const float* from = weight + (o * inputs + i) * taps;
          std::reverse_copy(from, from + taps, turned + (i * outputs + o) * taps);
        }
}

}  // namespace incept
