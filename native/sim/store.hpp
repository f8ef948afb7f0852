// Bytes with their shadow: which were written, and by whom and when they were accessed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "race.hpp"
#include "region.hpp"

namespace incept::cuda::sim {

class Store {
 public:
  // Poisoned and unwritten. Throws std::bad_alloc.
  Store(std::string name, std::int64_t bytes);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  const std::string& name() const { return name_; }
  std::int64_t bytes() const { return bytes_; }
  std::byte* at(std::int64_t byte) { return data_ + byte; }
  bool alive() const { return data_ != nullptr; }
  // Gives the bytes back; who accesses them from now on is told so.
  void free();

  // What is never poisoned again: the host has written it.
  bool permanent() const { return permanent_; }
  void upload(const void* from, std::int64_t bytes);

  void mark_written(std::int64_t byte, std::int64_t bytes);
  // The first of these bytes that is unwritten, or -1.
  std::int64_t unwritten(std::int64_t byte, std::int64_t bytes) const;
  // The first that was not written since forget_task(), or -1.
  std::int64_t untouched(std::int64_t byte, std::int64_t bytes) const;
  // A task has ended that may have written these.
  void forget_task(std::int64_t byte, std::int64_t bytes);
  // Fills with NaNs of every precision, and the bytes are as if never written.
  void poison(std::int64_t byte, std::int64_t bytes);

  // Of the two bytes from `byte`, which is even.
  Cell* cells(std::int64_t byte) { return cells_ + byte / kBytesPerCell; }
  // A byte of scratch for each byte, zero between uses.
  std::uint8_t* scratch() { return scratch_; }

 private:
  const std::string name_;
  const std::int64_t bytes_;
  bool permanent_ = false;
  std::byte* data_ = nullptr;
  std::uint8_t* flags_ = nullptr;
  std::uint8_t* scratch_ = nullptr;
  Cell* cells_ = nullptr;
};

}  // namespace incept::cuda::sim
