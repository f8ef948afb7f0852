#include "store.hpp"

#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

namespace incept::cuda::sim {
namespace {

constexpr std::uint8_t kWritten = 1, kByTask = 2;
constexpr int kPoison = 0xff;  // All ones are a NaN in f32, f16 and bf16.

// What cudaMalloc aligns to.
constexpr std::size_t kAlignment = 256;

template <class T>
T* zeros(std::int64_t count) {
  // The system's zero pages: shadow that no one touches costs nothing.
  T* memory = static_cast<T*>(std::calloc(static_cast<std::size_t>(count) + 1, sizeof(T)));
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

// The first of `bytes` flags without all bits of `bits`, or -1.
std::int64_t first_without(const std::uint8_t* flags, std::int64_t bytes, std::uint8_t bits) {
  const std::uint64_t wide = 0x0101010101010101u * bits;
  std::int64_t i = 0;
  for (; i + 8 <= bytes; i += 8) {
    std::uint64_t eight;
    std::memcpy(&eight, flags + i, sizeof eight);
    if ((eight & wide) != wide) break;
  }
  for (; i < bytes; ++i)
    if ((flags[i] & bits) != bits) return i;
  return -1;
}

}  // namespace

Store::Store(std::string name, std::int64_t bytes) : name_(std::move(name)), bytes_(bytes) {
  const std::size_t rounded =
      (static_cast<std::size_t>(bytes) / kAlignment + 1) * kAlignment;  // Never none.
  try {
    data_ = static_cast<std::byte*>(std::aligned_alloc(kAlignment, rounded));
    if (data_ == nullptr) throw std::bad_alloc();
    flags_ = zeros<std::uint8_t>(bytes);
    scratch_ = zeros<std::uint8_t>(bytes);
    cells_ = zeros<Cell>(bytes / kBytesPerCell + 1);
  } catch (...) {
    free();
    throw;
  }
  std::memset(data_, kPoison, rounded);
}

Store::~Store() {
  free();
}

void Store::free() {
  std::free(std::exchange(data_, nullptr));
  std::free(std::exchange(flags_, nullptr));
  std::free(std::exchange(scratch_, nullptr));
  std::free(std::exchange(cells_, nullptr));
}

void Store::upload(const void* from, std::int64_t bytes) {
  if (bytes > 0) std::memcpy(data_, from, static_cast<std::size_t>(bytes));
  std::memset(flags_, kWritten, static_cast<std::size_t>(bytes));
  permanent_ = true;
}

void Store::mark_written(std::int64_t byte, std::int64_t bytes) {
  std::memset(flags_ + byte, kWritten | kByTask, static_cast<std::size_t>(bytes));
}

std::int64_t Store::unwritten(std::int64_t byte, std::int64_t bytes) const {
  const std::int64_t at = first_without(flags_ + byte, bytes, kWritten);
  return at < 0 ? -1 : byte + at;
}

std::int64_t Store::untouched(std::int64_t byte, std::int64_t bytes) const {
  const std::int64_t at = first_without(flags_ + byte, bytes, kByTask);
  return at < 0 ? -1 : byte + at;
}

void Store::forget_task(std::int64_t byte, std::int64_t bytes) {
  for (std::int64_t i = 0; i < bytes; ++i) flags_[byte + i] &= kWritten;
}

void Store::poison(std::int64_t byte, std::int64_t bytes) {
  std::memset(data_ + byte, kPoison, static_cast<std::size_t>(bytes));
  std::memset(flags_ + byte, 0, static_cast<std::size_t>(bytes));
}

}  // namespace incept::cuda::sim
