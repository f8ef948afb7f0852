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

void prepare(const Raster& raster, const Recipe& recipe, float* tensor, const Cut& cut) {
  const Source source(raster, recipe.order == Order::kLuma);
  const Frame frame = frame_of(source.width(), source.height(), recipe, cut);
  const std::size_t width = std::size_t(recipe.width);
  const std::size_t plane = width * std::size_t(recipe.height);
  const std::size_t stride = std::size_t(source.channels());
  const std::size_t channels = std::size_t(recipe.channels());
  std::array<Values, 3> values;
  for (std::size_t c = 0; c < channels; ++c) {
    values[c] = values_of(recipe, c);
    if (cut.window) std::fill_n(tensor + c * plane, plane, values[c][0]);
  }
  if (frame.empty()) return;
  const std::size_t kept = std::size_t(frame.x.kept);
  const std::size_t top = std::size_t(frame.top), left = std::size_t(frame.left);
  resample(source, frame, recipe.interpolation, [&](std::size_t row, const std::uint8_t* bytes) {
    for (std::size_t c = 0; c < channels; ++c) {
      const std::size_t channel = recipe.order == Order::kBgr ? 2 - c : c;
      const std::uint8_t* byte = bytes + std::min(channel, stride - 1);  // Grey is R = G = B.
      float* out = tensor + c * plane + (top + row) * width;
      if (cut.flip) {
        out += width - 1 - left;
        for (std::size_t x = 0; x < kept; ++x) *(out - x) = values[c][byte[x * stride]];
      } else {
        out += left;
        for (std::size_t x = 0; x < kept; ++x) out[x] = values[c][byte[x * stride]];
      }
    }
  });
}

}  // namespace incept::picture
