// Where the tensor lies in the resized picture, as torchvision's Resize and CenterCrop place it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <stdexcept>

#include "picture.hpp"

namespace incept::picture {

// One side, in pixels: `source` are resampled to `resized`, of which `kept` from `first` on count.
struct Side {
  std::int64_t source, resized, first, kept;

  bool same() const { return source == resized; }
};

struct Frame {
  Side x, y;
};

// (size - kept) / 2, a half to the even side, as Python's round() does.
inline std::int64_t centred(std::int64_t size, std::int64_t kept) {
  const std::int64_t half = (size - kept) / 2;
  return (size - kept) % 2 == 0 ? half : half + half % 2;
}

inline Side cropped(std::int64_t source, std::int64_t resized, std::int64_t kept) {
  if (kept > resized) throw std::invalid_argument("The crop is larger than the resized picture.");
  return {source, resized, centred(resized, kept), kept};
}

// `width` and `height` are the upright picture's. The long side is truncated.
inline Frame frame_of(std::int64_t width, std::int64_t height, const Recipe& recipe) {
  const auto resized = [&](std::int64_t side, std::int64_t stretched) {
    return recipe.resize == 0 ? stretched : recipe.resize * side / std::min(width, height);
  };
  return {cropped(width, resized(width, recipe.width), recipe.width),
          cropped(height, resized(height, recipe.height), recipe.height)};
}

}  // namespace incept::picture
