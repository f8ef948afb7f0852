// What the tests of native/picture share: pictures as fixtures-pictures/make_grid.py makes them,
// hashes of what became of them, and how much memory that took.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <initializer_list>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "picture/picture.cpp"

namespace check {

using namespace incept::picture;

// Bytes that operator new gave since `peak` was set to 0, at their most.
inline std::size_t held = 0, peak = 0;

// Noise; every third row is black and white, so that bicubic overshoots.
inline std::uint8_t sample(std::uint32_t x, std::uint32_t y, std::uint32_t c) {
  std::uint32_t h = x * 2654435761u ^ y * 2246822519u ^ c * 3266489917u;
  h = (h ^ (h >> 15)) * 2246822519u;
  h = (h ^ (h >> 13)) >> 24;
  return std::uint8_t(y % 3 == 2 ? (h > 127 ? 255 : 0) : h);
}

// Of two bytes a sample the low one is rubbish.
inline std::vector<std::uint8_t> samples(const Raster& raster) {
  std::vector<std::uint8_t> data(raster.bytes());
  std::size_t i = 0;
  for (std::int64_t y = 0; y < raster.height; ++y)
    for (std::int64_t x = 0; x < raster.width; ++x)
      for (int c = 0; c < raster.channels; ++c) {
        const std::uint8_t value = sample(std::uint32_t(x), std::uint32_t(y), std::uint32_t(c));
        if (raster.sample_bytes == 1) {
          data[i++] = value;
        } else {
          const std::uint16_t wide = std::uint16_t(value << 8 | ((i * 37) & 255));
          __builtin_memcpy(&data[i], &wide, 2);
          i += 2;
        }
      }
  return data;
}

// The tensor as bytes: a range of 255 leaves them as they are.
inline std::vector<std::uint8_t> bytes_of(Raster raster, Recipe recipe,
                                          const std::vector<std::uint8_t>& data,
                                          const Cut& cut = {}) {
  raster.data = data.data();
  recipe.range = 255;
  std::vector<float> tensor(std::size_t(recipe.channels() * recipe.height * recipe.width), -1);
  const std::size_t before = held;
  peak = before;
  prepare(raster, recipe, tensor.data(), cut);
  peak -= before;
  return std::vector<std::uint8_t>(tensor.begin(), tensor.end());
}

// FNV-1a, 64 bits.
inline std::uint64_t fnv(const std::vector<std::uint8_t>& data) {
  std::uint64_t value = 0xcbf29ce484222325u;
  for (const std::uint8_t byte : data) value = (value ^ byte) * 0x100000001b3u;
  return value;
}

template <class Value>
Value word_of(const std::string& word, std::initializer_list<std::pair<const char*, Value>> words) {
  for (const auto& [name, value] : words)
    if (word == name) return value;
  std::printf("unknown word %s\n", word.c_str());
  std::exit(1);
}

// Prints the rows of a grid whose hash is another, and how many there were. One of cuts has what
// they are before the hash.
inline void hold_against(const char* file, int sample_bytes, bool has_cuts = false) {
  std::ifstream grid(file);
  std::string kind, interpolation, order, expected;
  Raster raster;
  Recipe recipe;
  int count = 0;
  while (grid >> raster.width >> raster.height >> kind >> raster.orientation >> recipe.resize >>
         recipe.height >> recipe.width >> interpolation >> order) {
    Cut cut;
    cut.window = has_cuts;
    if (has_cuts) grid >> cut.pad >> cut.x >> cut.y >> cut.flip;
    grid >> expected;
    raster.channels = word_of<int>(
        kind, {{"grey", 1}, {"grey-alpha", 2}, {"rgb", 3}, {"rgb-alpha", 4}, {"cmyk", 4}});
    raster.cmyk = kind == "cmyk";
    raster.sample_bytes = sample_bytes;
    recipe.interpolation =
        word_of<Interpolation>(interpolation, {{"nearest", Interpolation::kNearest},
                                               {"bilinear", Interpolation::kBilinear},
                                               {"bicubic", Interpolation::kBicubic}});
    recipe.order = word_of<Order>(
        order, {{"rgb", Order::kRgb}, {"bgr", Order::kBgr}, {"luma", Order::kLuma}});
    char found[17];
    std::snprintf(found, sizeof found, "%016llx",
                  static_cast<unsigned long long>(fnv(bytes_of(raster, recipe, samples(raster), cut))));
    ++count;
    if (found != expected)
      std::printf("row %d: %s %s %s\n", count, kind.c_str(), interpolation.c_str(), order.c_str());
  }
  std::printf("%d rows\n", count);
}

}  // namespace check

// Each block is preceded by its size, so that the freed bytes are known.
void* operator new(std::size_t size) {
  auto* block = static_cast<std::max_align_t*>(std::malloc(size + sizeof(std::max_align_t)));
  if (block == nullptr) throw std::bad_alloc();
  *reinterpret_cast<std::size_t*>(block) = size;
  check::held += size;
  check::peak = std::max(check::peak, check::held);
  return block + 1;
}
void operator delete(void* pointer) noexcept {
  if (pointer == nullptr) return;
  auto* block = static_cast<std::max_align_t*>(pointer) - 1;
  check::held -= *reinterpret_cast<std::size_t*>(block);
  std::free(block);
}
void operator delete(void* pointer, std::size_t) noexcept {
  operator delete(pointer);
}
