#include "picture.hpp"

#include <algorithm>

#include "frame.hpp"
#include "rows.hpp"
#include "source.hpp"

namespace incept::picture {

namespace {

// The value of every byte in one channel.
using Values = std::array<float, 256>;

Values values_of(const Recipe& recipe, std::size_t channel) {
  Values values;
  for (int byte = 0; byte < 256; ++byte) {
    const double value = byte * recipe.range / 255 - recipe.mean[channel];
    values[std::size_t(byte)] = float(value / recipe.std[channel]);
  }
  return values;
}

}  // namespace

void prepare(const Raster& raster, const Recipe& recipe, float* tensor) {
  const Source source(raster, recipe.order == Order::kLuma);
  const Frame frame = frame_of(source.width(), source.height(), recipe);
  const std::size_t width = std::size_t(recipe.width);
  const std::size_t plane = width * std::size_t(recipe.height);
  const std::size_t stride = std::size_t(source.channels());
  std::array<Values, 3> values;
  for (std::size_t c = 0; c < 3; ++c) values[c] = values_of(recipe, c);
  resample(source, frame, recipe.interpolation, [&](std::size_t row, const std::uint8_t* bytes) {
    for (std::size_t c = 0; c < std::size_t(recipe.channels()); ++c) {
      const std::size_t channel = recipe.order == Order::kBgr ? 2 - c : c;
      const std::uint8_t* byte = bytes + std::min(channel, stride - 1);  // Grey is R = G = B.
      float* out = tensor + c * plane + row * width;
      for (std::size_t x = 0; x < width; ++x) out[x] = values[c][byte[x * stride]];
    }
  });
}

}  // namespace incept::picture
