// Where the values of a network live.
#pragma once

#include <cstdint>

namespace incept::cuda {

// A channels-last stripe of a buffer in the arena. For a batch of n the buffer starts at byte
// n * offset; element (image, y, x, c) of the value is at
//   ((image * height + y) * width + x) * pitch + channel + c
// of the buffer. A value that owns its buffer has pitch = channels and channel = 0.
struct Value {
  std::int64_t offset = 0;
  int channels = 0, height = 1, width = 1;
  int pitch = 0;    // Channels of the buffer: elements from one pixel to the next.
  int channel = 0;  // Where this value's channels begin.

  constexpr Value& image(int c, int h, int w) {
    channels = c, height = h, width = w, pitch = c;
    return *this;
  }
  constexpr Value& vector(int n) { return image(n, 1, 1); }
  constexpr Value& slice(int first, int of) {
    channel = first, pitch = of;
    return *this;
  }
  constexpr Value& at(std::int64_t byte) {
    offset = byte;
    return *this;
  }

  constexpr std::int64_t pixels() const { return std::int64_t(height) * width; }
  constexpr std::int64_t elements() const { return channels * pixels(); }
  constexpr bool dense() const { return pitch == channels; }
};

// Prepared weights by their byte: `w + 9408` in emitted code.
struct Weights {
  std::int64_t byte = 0;
  constexpr Weights operator+(std::int64_t bytes) const { return {byte + bytes}; }
};

}  // namespace incept::cuda
