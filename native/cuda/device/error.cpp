#include "error.hpp"

#include <cuda_runtime_api.h>

#include "context.hpp"

namespace incept::cuda {

std::string words_of(cudaError_t error) {
  return std::string(cudaGetErrorString(error)) + " (" + cudaGetErrorName(error) + ")";
}

Failure failure_of(cudaError_t error, const std::string& tried) {
  (void)cudaGetLastError();
  if (error == cudaErrorMemoryAllocation)
    return {"memory/exhausted", tried + ": " + words_of(error) + "; " + free_memory_text()};
  if (!context::sticky(error)) return {"cuda/failed", tried + ": " + words_of(error)};
  return context::lose(tried + ": " + words_of(error));
}

Failure library_failure(const char* code, const std::string& message) {
  // After a crash every call fails with its error; this one does nothing else.
  std::size_t free = 0, total = 0;
  const cudaError_t error = cudaMemGetInfo(&free, &total);
  if (error == cudaSuccess || !context::sticky(error)) return {code, message};
  return failure_of(error, message);
}

std::string size_text(std::size_t bytes) {
  const double size = static_cast<double>(bytes);
  if (bytes >= std::size_t(1) << 30) return text("%.1f GiB", size / (1 << 30));
  if (bytes >= std::size_t(1) << 20) return text("%.1f MiB", size / (1 << 20));
  if (bytes >= std::size_t(1) << 10) return text("%.1f KiB", size / (1 << 10));
  return text("%zu bytes", bytes);
}

std::string free_memory_text() {
  std::size_t free = 0, total = 0;
  const cudaError_t error = cudaMemGetInfo(&free, &total);
  if (error != cudaSuccess) return "how much is free is unknown: " + words_of(error);
  return size_text(free) + " of " + size_text(total) + " are free";
}

}  // namespace incept::cuda
