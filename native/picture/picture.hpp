// A decoded picture as the tensor that a network reads: resized, cropped and normalised, in the
// numbers of PIL, which torchvision, timm and Keras evaluated the published networks with.
// README.md beside this file has the formulas.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace incept::picture {

// Samples as a decoder leaves them: rows from the top, the channels of a pixel side by side.
struct Raster {
  const std::uint8_t* data = nullptr;
  std::int64_t width = 0, height = 0;  // As stored: `orientation` is yet to be applied.
  int channels = 3;  // Grey 1, RGB 3, CMYK 4; one more is alpha, which is dropped.
  bool cmyk = false;
  int sample_bytes = 1;  // Of two, in this machine's order, only the high one counts.
  int orientation = 1;   // EXIF's, 1 to 8.

  std::size_t bytes() const {
    return std::size_t(width) * std::size_t(height) * std::size_t(channels * sample_bytes);
  }
};

enum class Interpolation { kNearest, kBilinear, kBicubic };

// What the tensor's channels are: three colours, or the luma alone.
enum class Order { kRgb, kBgr, kLuma };

// The sides are below 2^31.
struct Recipe {
  std::int64_t height = 0, width = 0;  // The tensor's.
  // The short side before the centre crop, or both where stretched; 0 is the tensor's own sides.
  std::int64_t resize = 0;
  Interpolation interpolation = Interpolation::kBilinear;
  Order order = Order::kRgb;
  double range = 1;
  std::array<double, 3> mean{}, std{1, 1, 1};  // In `order`; the luma's is the first.
  bool stretch = false;                        // Gives up the picture's proportions.

  int channels() const { return order == Order::kLuma ? 1 : 3; }
};

// What training makes of a picture: torchvision's RandomCrop(size, padding) and
// RandomHorizontalFlip, on byte pixels, drawn by whoever calls.
struct Cut {
  // Whether the tensor is a window of the resized picture with `pad` black pixels on each side,
  // instead of its centre.
  bool window = false;
  std::int64_t pad = 0;
  // Of the places that the window may have, the one that lies x, y 2^32ths on from the first.
  std::uint32_t x = 0, y = 0;
  // Mirrored in the end, left to right.
  bool flip = false;
};

// Writes channels x height x width values, (byte * range / 255 - mean) / std.
//
// Reads only the source pixels that the tensor is made of. Needs memory for one row of them and for
// the sums of the tensor's rows under way: never more than four bytes for each of the tensor's
// values, three for each of the picture's columns, and their weights.
//
// Throws std::invalid_argument where the crop does not fit into the resized picture.
void prepare(const Raster& raster, const Recipe& recipe, float* tensor, const Cut& cut = {});

}  // namespace incept::picture
