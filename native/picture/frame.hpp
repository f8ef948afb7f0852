// Where the tensor lies in the resized picture, as torchvision's Resize, CenterCrop and RandomCrop
// place it.
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

// `left` and `top` are the black pixels before those that are kept: others may follow.
struct Frame {
  Side x, y;
  std::int64_t left = 0, top = 0;

  bool empty() const { return x.kept <= 0 || y.kept <= 0; }
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

// Of 0 to `most` the number that lies `part` 2^32ths on; `most` may have more than 32 bits.
inline std::int64_t drawn(std::int64_t most, std::uint32_t part) {
  const std::uint64_t places = std::uint64_t(most) + 1;
  return std::int64_t(part * (places >> 32) + ((part * (places & 0xffffffffu)) >> 32));
}

// Moves a side from the centre to where `part` says, with `pad` pixels before and after it. Gives
// the padding's share of the kept pixels that comes before the picture's.
inline std::int64_t move(Side& side, std::int64_t pad, std::uint32_t part) {
  const std::int64_t from = drawn(side.resized + 2 * pad - side.kept, part) - pad;
  const std::int64_t to = std::min(from + side.kept, side.resized);
  side.first = std::max<std::int64_t>(from, 0);
  side.kept = to - side.first;
  return side.first - from;
}

// `width` and `height` are the upright picture's. The long side is truncated.
inline Frame frame_of(std::int64_t width, std::int64_t height, const Recipe& recipe,
                      const Cut& cut) {
  const auto resized = [&](std::int64_t side, std::int64_t kept) {
    if (recipe.resize == 0) return kept;
    return recipe.stretch ? recipe.resize : recipe.resize * side / std::min(width, height);
  };
  Frame frame{cropped(width, resized(width, recipe.width), recipe.width),
              cropped(height, resized(height, recipe.height), recipe.height)};
  if (!cut.window) return frame;
  frame.left = move(frame.x, cut.pad, cut.x);
  frame.top = move(frame.y, cut.pad, cut.y);
  return frame;
}

}  // namespace incept::picture
