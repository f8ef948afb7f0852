// The pixels of a raster upright and in the colours that are resampled: one channel where the
// picture is grey or the tensor takes the luma, else R, G, B.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "picture.hpp"

namespace incept::picture {

// L of PIL's convert("L"): ITU-R 601-2 in 16 bits.
inline std::uint8_t luma(unsigned red, unsigned green, unsigned blue) {
  return std::uint8_t((red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16);
}

// (255 - ink) * (255 - black) / 255 as PIL's convert("RGB") rounds it.
inline std::uint8_t without_ink(int ink, int black) {
  const int light = 255 - black;
  const int product = ink * light + 128;
  return std::uint8_t(std::max(0, light - (((product >> 8) + product) >> 8)));
}

// How a pixel at `p`, whose samples are `apart` bytes from one another, becomes kChannels bytes.
struct Grey {
  static constexpr int kChannels = 1;
  static void convert(const std::uint8_t* p, std::ptrdiff_t, std::uint8_t* out) { out[0] = p[0]; }
};

struct Colour {
  static constexpr int kChannels = 3;
  static void convert(const std::uint8_t* p, std::ptrdiff_t apart, std::uint8_t* out) {
    for (int c = 0; c < 3; ++c) out[c] = p[c * apart];
  }
};

struct Inks {
  static constexpr int kChannels = 3;
  static void convert(const std::uint8_t* p, std::ptrdiff_t apart, std::uint8_t* out) {
    for (int c = 0; c < 3; ++c) out[c] = without_ink(p[c * apart], p[3 * apart]);
  }
};

template <class Colours>
struct Luma {
  static constexpr int kChannels = 1;
  static void convert(const std::uint8_t* p, std::ptrdiff_t apart, std::uint8_t* out) {
    std::uint8_t rgb[3];
    Colours::convert(p, apart, rgb);
    out[0] = luma(rgb[0], rgb[1], rgb[2]);
  }
};

class Source {
 public:
  Source(const Raster& raster, bool to_luma) {
    turn(raster);
    const bool grey = raster.channels < 3;
    if (grey) {
      use<Grey>();
    } else if (raster.cmyk) {
      to_luma ? use<Luma<Inks>>() : use<Inks>();
    } else {
      to_luma ? use<Luma<Colour>>() : use<Colour>();
    }
  }

  std::int64_t width() const { return width_; }
  std::int64_t height() const { return height_; }
  int channels() const { return channels_; }

  // `count` pixels of row `y` from column `first` on.
  void read(std::int64_t y, std::int64_t first, std::int64_t count, std::uint8_t* out) const {
    read_(origin_ + y * down_ + first * right_, right_, sample_, count, out);
  }

 private:
  using Read = void (*)(const std::uint8_t* p, std::ptrdiff_t right, std::ptrdiff_t apart,
                        std::int64_t count, std::uint8_t* out);

  template <class Pixel>
  static void read_stretch(const std::uint8_t* p, std::ptrdiff_t right, std::ptrdiff_t apart,
                           std::int64_t count, std::uint8_t* out) {
    for (std::int64_t i = 0; i < count; ++i, p += right, out += Pixel::kChannels)
      Pixel::convert(p, apart, out);
  }

  template <class Pixel>
  void use() {
    read_ = read_stretch<Pixel>;
    channels_ = Pixel::kChannels;
  }

  // EXIF's orientation says which stored side is the top. The raster stays where it is and is
  // walked in another direction.
  void turn(const Raster& raster) {
    const int o = raster.orientation;
    const bool transposed = o >= 5;
    const bool from_right = o == 2 || o == 3 || o == 7 || o == 8;
    const bool from_bottom = o == 3 || o == 4 || o == 6 || o == 7;
    sample_ = raster.sample_bytes;
    const std::ptrdiff_t pixel = raster.channels * sample_;
    const std::ptrdiff_t row = raster.width * pixel;
    const std::ptrdiff_t across = from_right ? -pixel : pixel;
    const std::ptrdiff_t along = from_bottom ? -row : row;
    origin_ = raster.data + high_byte() + (from_right ? row - pixel : 0) +
              (from_bottom ? (raster.height - 1) * row : 0);
    right_ = transposed ? along : across;
    down_ = transposed ? across : along;
    width_ = transposed ? raster.height : raster.width;
    height_ = transposed ? raster.width : raster.height;
  }

  // Where the high byte of a sample lies.
  std::ptrdiff_t high_byte() const {
    const std::uint16_t one = 1;
    const bool little = *reinterpret_cast<const std::uint8_t*>(&one) == 1;
    return little ? sample_ - 1 : 0;
  }

  const std::uint8_t* origin_ = nullptr;
  std::ptrdiff_t right_ = 0, down_ = 0, sample_ = 1;
  std::int64_t width_ = 0, height_ = 0;
  int channels_ = 0;
  Read read_ = nullptr;
};

}  // namespace incept::picture
