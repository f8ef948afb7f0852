#include "built.hpp"

namespace incept::cuda {
namespace {

__global__ void probe_kernel() {}

}  // namespace

std::string built_for() {
  std::string all;
  for (const int arch : {__CUDA_ARCH_LIST__})
    all += (all.empty() ? "sm_" : ", sm_") + std::to_string(arch / 10);
  return all;
}

// All our kernels are built for the same architectures.
cudaError_t try_kernels() {
  cudaFuncAttributes attributes;
  return cudaFuncGetAttributes(&attributes, probe_kernel);
}

}  // namespace incept::cuda
