// The GPUs that the kernels were built for.
#pragma once

#include <driver_types.h>

#include <string>

namespace incept::cuda {

// "sm_80, sm_120"
std::string built_for();

// Whether the current device can run them: cudaErrorNoKernelImageForDevice if not.
cudaError_t try_kernels();

}  // namespace incept::cuda
