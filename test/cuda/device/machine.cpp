// What native/cuda/device makes of a CUDA runtime: failures and memory. The argument names a part
// of the program, which prints what does not hold, then "done".
#include <cstring>
#include <map>
#include <thread>

#include "check.hpp"

namespace incept::cuda {

void errors() {
  gpu.driver = 0, gpu.count = 0, gpu.counting = cudaErrorInsufficientDriver;
  expect_failure("cuda/no-driver", "libcuda.so.1", make_device);
  gpu.driver = 12020;
  expect_failure("cuda/old-driver", "CUDA 12.2", make_device);
  gpu.driver = 13000, gpu.counting = cudaErrorNoDevice;
  expect_failure("cuda/no-gpu", "no NVIDIA GPU", make_device);
  gpu.counting = cudaSuccess;
  expect_failure("cuda/no-gpu", "no NVIDIA GPU", make_device);
  gpu.counting = cudaErrorSystemNotReady, gpu.count = 1;
  expect_failure("cuda/failed", "counting the GPUs", make_device);
  gpu.counting = cudaSuccess, gpu.capability = 75;
  expect_failure("cuda/old-gpu", "Fake GPU (sm_75)", make_device);
  gpu.capability = 120, gpu.kernels = cudaErrorNoKernelImageForDevice;
  expect_failure("cuda/no-kernels", "made for sm_80, sm_90", make_device);
  expect_failure("cuda/no-kernels", "--arch 120", make_device);
  gpu.kernels = cudaErrorIllegalState;
  expect_failure("cuda/failed", "loading the kernels", make_device);
  expect(gpu.streams == 0, "no stream is left behind");
}

void memory() {
  {
    Device device;
    expect(device.name() == "Fake GPU (sm_90)", device.name());
    expect(device.free_memory() == "1.2 GiB of 8.0 GiB are free", device.free_memory());
    Memory small, large, none;
    small.allocate(device, 64);
    none.allocate(device, 0);
    expect(small.bytes() == 64 && none.bytes() == 0, "bytes");
    expect_failure("memory/exhausted", "1.2 GiB of 8.0 GiB are free (out of memory)",
                   [&] { large.allocate(device, std::size_t(2) << 30); });
    const float numbers[] = {1, 2, 3};
    device.upload(small, numbers, sizeof numbers);
    expect(std::memcmp(small.data(), numbers, sizeof numbers) == 0, "uploaded");
    HostMemory host;
    host.allocate(device, 1000);
    for (int i = 0; i < 1000; ++i) expect(host.data()[i] == 0, "zeros at first");
    expect(gpu.locked == 1 && gpu.allocations == 1, "locked, allocated");
    std::thread([&] { device.synchronize(); }).join();
  }
  expect(gpu.locked == 0 && gpu.allocations == 0 && gpu.streams == 0, "all is given back");
}

}  // namespace incept::cuda

int main(int, char** arguments) {
  using namespace incept::cuda;
  const std::map<std::string, void (*)()> parts = {
      {"errors", errors}, {"memory", memory},   {"tasks", tasks},     {"crash", crash},
      {"gpus", gpus},     {"threads", threads}, {"numbers", numbers}, {"make", make_device},
  };
  const std::string failure = failure_of(parts.at(arguments[1]));
  std::printf("%s\n", failure == "nothing" ? "done" : failure.c_str());
}
