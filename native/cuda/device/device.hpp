// One GPU as one session sees it.
#pragma once

#include <driver_types.h>

#include <cstddef>
#include <string>

#include "context.hpp"
#include "cublas_api.hpp"
#include "cudnn_api.hpp"

namespace incept::cuda {

class Memory;

// One of the GPUs that the process may see (CUDA_VISIBLE_DEVICES chooses), a stream and the
// libraries' handles. Its calls may come from any thread, one at a time.
class Device {
 public:
  // Whether a network is to run task by task once before it is captured: kernels are loaded when
  // they are first launched, which a capture may not bear.
  static constexpr bool warms_up = true;

  // Failure cuda/no-driver, cuda/old-driver, cuda/no-gpu, cuda/old-gpu, cuda/no-kernels,
  // cuda/no-cudnn, cuda/old-cudnn, cuda/no-cublas; or cuda/failed with CUDA's words.
  explicit Device(int index = 0);
  ~Device();
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  // "NVIDIA H100 80GB HBM3 (sm_90)"
  const std::string& name() const { return name_; }
  // Returns when the bytes are there.
  void upload(Memory& to, const void* from, std::size_t bytes);
  // Waits for the stream. Failure cuda/lost after a crash, else cuda/failed.
  void synchronize();
  // "1.2 GiB of 79.1 GiB are free"
  std::string free_memory() const;

  // ---- For this folder.

  context::Generation generation() const { return generation_; }
  cudaStream_t stream() const { return stream_; }
  cudnn::Handle cudnn() const { return cudnn_; }
  cublas::Handle cublas() const { return cublas_; }

 private:
  void open();
  void close() noexcept;

  std::string name_;
  context::Generation generation_ = 0;
  cudaStream_t stream_ = nullptr;
  cudnn::Handle cudnn_ = nullptr;
  cublas::Handle cublas_ = nullptr;
};

}  // namespace incept::cuda
