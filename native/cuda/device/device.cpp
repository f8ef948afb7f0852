#include "device.hpp"

#include <cuda_runtime_api.h>

#include "built.hpp"
#include "cublas.hpp"
#include "cudnn.hpp"
#include "error.hpp"
#include "memory.hpp"

namespace incept::cuda {
namespace {

// cuDNN's and our own kernels need Ampere or newer.
constexpr int kOldest = 80;

std::string version_text(int version) {
  return text("%d.%d", version / 1000, version % 1000 / 10);
}

// Checks what the process has before any of it is used, so that what lacks is named.
void check_driver(int index) {
  int driver = 0;
  const cudaError_t asked = cudaDriverGetVersion(&driver);
  int count = 0;
  const cudaError_t error = cudaGetDeviceCount(&count);
  if (error == cudaSuccess && index < count) return;
  if (error == cudaSuccess && count > 0)
    throw Failure("cuda/no-gpu",
                  text("There is no GPU %d: the process sees %d, counted from 0.", index, count));
  (void)cudaGetLastError();
  const std::string words = words_of(error == cudaSuccess ? cudaErrorNoDevice : error);
  if (asked != cudaSuccess || driver == 0)
    throw Failure("cuda/no-driver",
                  "There is no NVIDIA driver on this machine, or none that the process can see "
                  "(libcuda.so.1). CUDA says: " +
                      words);
  if (error == cudaErrorInsufficientDriver)
    throw Failure("cuda/old-driver", "The NVIDIA driver is for CUDA " + version_text(driver) +
                                         ", which is too old for this build with CUDA " +
                                         version_text(CUDART_VERSION) + "; update it: " + words);
  if (error == cudaSuccess || error == cudaErrorNoDevice || error == cudaErrorInvalidDevice) {
    const char* visible = std::getenv("CUDA_VISIBLE_DEVICES");
    throw Failure("cuda/no-gpu",
                  "There is no NVIDIA GPU that the process can see" +
                      (visible == nullptr ? "" : text(" (CUDA_VISIBLE_DEVICES is '%s')", visible)) +
                      ": " + words);
  }
  throw failure_of(error, "counting the GPUs");
}

std::string describe_device(int index, int* capability) {
  int major = 0, minor = 0;
  check(cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, index),
        "asking the device");
  check(cudaDeviceGetAttribute(&minor, cudaDevAttrComputeCapabilityMinor, index),
        "asking the device");
  cudaDeviceProp properties;
  check(cudaGetDeviceProperties(&properties, index), "asking the device for its name");
  *capability = major * 10 + minor;
  return std::string(properties.name) + text(" (sm_%d)", *capability);
}

void check_gpu(const std::string& name, int capability) {
  if (capability < kOldest)
    throw Failure("cuda/old-gpu", name +
                                      " is too old: a GPU of compute capability 8.0 (Ampere, "
                                      "2020) or newer is needed");
  const cudaError_t error = try_kernels();
  switch (error) {
    case cudaErrorNoKernelImageForDevice:
    case cudaErrorInvalidDeviceFunction:
    case cudaErrorUnsupportedPtxVersion:
    case cudaErrorJitCompilerNotFound:
    case cudaErrorJitCompilationDisabled:
      (void)cudaGetLastError();
      throw Failure("cuda/no-kernels", "This build has no kernels for " + name +
                                           ": it was made for " + built_for() + " (" +
                                           words_of(error) + "); build again with --arch " +
                                           std::to_string(capability));
    default:
      check(error, "loading the kernels");
  }
}

}  // namespace

Device::Device(int index) {
  // First: while the device is lost, every other call of CUDA tells of that alone.
  generation_ = context::join(index);
  check_driver(index);
  const context::Quiet quiet;
  const context::Use use(generation_);
  int capability = 0;
  name_ = describe_device(index, &capability);
  check_gpu(name_, capability);
  try {
    open();
  } catch (...) {
    close();
    throw;
  }
}

Device::~Device() {
  const context::Quiet quiet;  // cudnnDestroy waits for the device.
  const context::LastUse use(generation_);
  if (use) close();
}

// cuBLASLt before cuDNN, some of whose engines look for it.
void Device::open() {
  const cublas::Api* matrices = nullptr;
  std::exception_ptr missing;
  try {
    matrices = &cublas::api();
  } catch (const Failure&) {
    missing = std::current_exception();
  }
  const cudnn::Api& convolutions = cudnn::api();
  if (missing) std::rethrow_exception(missing);
  check(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking), "making a stream");
  cudnn_ = convolutions.open(stream_);
  cublas_ = matrices->open();
}

void Device::close() noexcept {
  if (cublas_ != nullptr) cublas::api().close(cublas_);
  if (cudnn_ != nullptr) cudnn::api().close(cudnn_);
  if (stream_ != nullptr) (void)cudaStreamDestroy(stream_);
  (void)cudaGetLastError();
}

void Device::upload(Memory& to, const void* from, std::size_t bytes) {
  if (bytes == 0) return;
  const context::Use use(generation_);
  cudaError_t error = cudaMemcpyAsync(to.data(), from, bytes, cudaMemcpyHostToDevice, stream_);
  if (error == cudaSuccess) error = cudaStreamSynchronize(stream_);
  if (error != cudaSuccess) throw failure_of(error, "copying " + size_text(bytes) + " to " + name_);
}

void Device::synchronize() {
  const context::Use use(generation_);
  const cudaError_t error = cudaStreamSynchronize(stream_);
  if (error != cudaSuccess) throw failure_of(error, "waiting for " + name_);
}

std::string Device::free_memory() const {
  const context::Use use(generation_);
  return free_memory_text();
}

}  // namespace incept::cuda
