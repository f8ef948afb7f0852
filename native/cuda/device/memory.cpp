#include "memory.hpp"

#include <cuda_runtime_api.h>

#include <cstdlib>
#include <cstring>

#include "device.hpp"
#include "error.hpp"

namespace incept::cuda {
namespace {

constexpr std::size_t kPage = 4096;

}  // namespace

void Memory::allocate(Device& device, std::size_t bytes) {
  if (bytes == 0) return;
  const context::Use use(device.generation());
  void* data = nullptr;
  const cudaError_t error = cudaMalloc(&data, bytes);
  if (error == cudaErrorMemoryAllocation) {
    (void)cudaGetLastError();
    throw Failure("memory/exhausted", free_memory_text() + " (" + cudaGetErrorString(error) + ")");
  }
  check(error, "allocating memory");
  data_ = static_cast<std::byte*>(data);
  bytes_ = bytes;
  generation_ = device.generation();
}

bool Memory::reachable_from(const Device& device) const {
  return generation_ == 0 || generation_ == device.generation();
}

Memory::~Memory() {
  if (data_ == nullptr) return;
  const context::LastUse use(generation_);
  if (use) (void)cudaFree(data_);
}

// Memory of CUDA's own would vanish with the context, under another thread that is filling it.
void HostMemory::allocate(Device& device, std::size_t floats) {
  if (floats == 0) return;
  const std::size_t bytes = (floats * sizeof(float) + kPage - 1) / kPage * kPage;
  const context::Use use(device.generation());
  data_ = static_cast<float*>(std::aligned_alloc(kPage, bytes));
  const std::string size = size_text(bytes);
  if (data_ == nullptr)
    throw Failure("memory/exhausted", "The host has no " + size + " for copies to the GPU");
  std::memset(data_, 0, bytes);
  const cudaError_t error = cudaHostRegister(data_, bytes, cudaHostRegisterDefault);
  if (error == cudaErrorMemoryAllocation) {
    (void)cudaGetLastError();
    throw Failure("memory/exhausted",
                  "CUDA cannot lock " + size +
                      " of the host's memory for copies to the GPU: " + words_of(error));
  }
  check(error, "locking the host's memory for copies");
  locked_ = true;
  generation_ = device.generation();
}

HostMemory::~HostMemory() {
  if (locked_) {
    const context::LastUse use(generation_);
    if (use) (void)cudaHostUnregister(data_);
  }
  std::free(data_);
}

}  // namespace incept::cuda
