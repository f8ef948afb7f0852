// What a pointer may touch.
#pragma once

#include <cstdint>
#include <memory>

#include "store.hpp"

namespace incept::cuda::sim {

struct View {
  std::shared_ptr<Store> store;
  Region region;
  std::int64_t element = 1;  // Bytes, for messages.
  bool writable = false;
  bool shared = false;  // A block's, else the device's memory.
  int task = -1;
  const void* owner = nullptr;   // The recorder.
  mutable std::int64_t row = 0;  // Where the stretch touched last begins: it saves a division.
};

// The bytes of an access, checked; what is wrong throws. By a thread of a block.
const std::byte* touch_read(const View& view, std::int64_t byte, int size);
std::byte* touch_write(const View& view, std::int64_t byte, int size);
std::byte* touch_atomic(const View& view, std::int64_t byte, int size);

// The same without a look at races, for libraries and copies. Any number of bytes of one stretch.
const std::byte* read_stretch(const View& view, std::int64_t byte, std::int64_t size);
std::byte* write_stretch(const View& view, std::int64_t byte, std::int64_t size);

// "memory 2, 49 stretches of 64 bytes, ...".
std::string text_of(const View& view);

}  // namespace incept::cuda::sim
