// Memory of the device, and of the host where the device reaches it.
#pragma once

#include <cstddef>

#include "context.hpp"

namespace incept::cuda {

class Device;

class Memory {
 public:
  Memory() = default;
  ~Memory();
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  // Once. Failure memory/exhausted: "1.2 GiB of 79.1 GiB are free (out of memory)".
  void allocate(Device& device, std::size_t bytes);
  std::size_t bytes() const { return bytes_; }
  // Whether the device's kernels can read it: it lies on the same GPU, in a context that lives.
  bool reachable_from(const Device& device) const;
  std::byte* data() { return data_; }  // Of the device.

 private:
  std::byte* data_ = nullptr;
  std::size_t bytes_ = 0;
  context::Generation generation_ = 0;
};

// Floats in page-locked memory, which the device copies from and to by itself. The memory is the
// host's own: it can be read and written also after the context is lost.
class HostMemory {
 public:
  HostMemory() = default;
  ~HostMemory();
  HostMemory(const HostMemory&) = delete;
  HostMemory& operator=(const HostMemory&) = delete;

  // Once. Zeros at first. Failure memory/exhausted.
  void allocate(Device& device, std::size_t floats);
  float* data() { return data_; }
  const float* data() const { return data_; }

 private:
  float* data_ = nullptr;
  bool locked_ = false;
  context::Generation generation_ = 0;
};

}  // namespace incept::cuda
