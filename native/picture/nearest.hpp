// PIL's NEAREST: `ImagingScaleAffine` (src/libImaging/Geometry.c).
#pragma once

#include <cstdint>
#include <vector>

#include "frame.hpp"

namespace incept::picture {

// The source pixel of each kept one; -1 where rounding leads past the last, which PIL leaves black.
// PIL adds the distance up pixel by pixel, and so does this, or the rounding would differ. A side
// that PIL cannot hold is not added up to: it would take its time.
inline std::vector<std::int64_t> nearest(const Side& side) {
  constexpr std::int64_t longest = INT32_MAX / 4;
  const double distance = double(side.source) / double(side.resized);
  double at = distance * 0.5;
  if (side.resized > longest) {
    at += distance * double(side.first);
  } else {
    for (std::int64_t i = 0; i < side.first; ++i) at += distance;
  }
  std::vector<std::int64_t> pixels;
  for (std::int64_t i = 0; i < side.kept; ++i, at += distance) {
    const auto pixel = std::int64_t(at);
    pixels.push_back(pixel < side.source ? pixel : -1);
  }
  return pixels;
}

}  // namespace incept::picture
