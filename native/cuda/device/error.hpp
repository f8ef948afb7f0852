// CUDA's errors as failures, and how sizes are written in them.
#pragma once

#include <driver_types.h>

#include <cstddef>
#include <string>

#include "../failure.hpp"

namespace incept::cuda {

// "an illegal memory access was encountered (cudaErrorIllegalAddress)"
std::string words_of(cudaError_t error);

// What to throw for an error of what was tried ("launching max_pool"): cuda/lost after a crash,
// which ends the generation; memory/exhausted; else cuda/failed. Clears the thread's last error.
Failure failure_of(cudaError_t error, const std::string& tried);

inline void check(cudaError_t error, const char* tried) {
  if (error != cudaSuccess) throw failure_of(error, tried);
}

// What to throw where a library failed in its own words: it may have been a crash that the library
// only noticed.
Failure library_failure(const char* code, const std::string& message);

// "37.2 MiB"
std::string size_text(std::size_t bytes);

// "1.2 GiB of 79.1 GiB are free"; of the thread's current device.
std::string free_memory_text();

}  // namespace incept::cuda
