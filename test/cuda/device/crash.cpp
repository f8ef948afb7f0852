// What is left of instances after a kernel has crashed; and threads in each other's way.
#include <memory>
#include <thread>
#include <vector>

#include "check.hpp"

namespace incept::cuda {

void crash() {
  auto device = std::make_unique<Device>();
  auto other = std::make_unique<Device>();
  auto memory = std::make_unique<Memory>();
  auto host = std::make_unique<HostMemory>();
  memory->allocate(*device, 64);
  host->allocate(*other, 4);
  auto recorder = std::make_unique<Recorder>(*device, Recorder::Mode::kGraph, 1);
  recorder->begin_task(0, nullptr, 0);
  launch(*recorder, *memory, "a");
  recorder->end_task();
  recorder->finish();
  ConvProblem problem;
  auto conv = ConvPlan::make(*device, problem);
  auto matmul = MatmulPlan::make(*device, MatmulProblem{});

  recorder->replay();
  gpu.crash = cudaErrorIllegalAddress;
  expect_failure("cuda/lost", "waiting for Fake GPU (sm_90)", [&] { device->synchronize(); });
  const int calls = gpu.calls;
  const char* why = "cudaErrorIllegalAddress";
  expect_failure("cuda/lost", why, [&] { recorder->replay(); });
  expect_failure("cuda/lost", why, [&] { other->synchronize(); });
  expect_failure("cuda/lost", why, [&] { ConvPlan::make(*other, problem); });
  expect_failure("cuda/lost", why, [&] {
    Memory more;
    more.allocate(*other, 4);
  });
  recorder.reset(), conv.reset(), matmul.reset(), memory.reset(), device.reset();
  expect(gpu.calls == calls, "what is lost is let alone");

  gpu.reset_helps = false;
  expect_failure("cuda/lost", "a new process is needed", make_device);
  gpu.reset_helps = true;
  auto fresh = std::make_unique<Device>();
  expect(gpu.resets == 2, "a new instance resets the device");
  auto again = std::make_unique<Device>();
  expect(gpu.resets == 2, "and the next one does not");
  Memory memory_of_fresh;
  memory_of_fresh.allocate(*fresh, 4);
  fresh->synchronize();
  host->data()[3] = 1;  // The host's memory outlives the context.
  expect_failure("cuda/lost", why, [&] { other->synchronize(); });
  const int later = gpu.calls;
  other.reset(), host.reset();
  expect(gpu.calls == later, "also after the reset");
}

// Each GPU has a context of its own: a crash on one leaves the sessions of another alone.
void gpus() {
  expect_failure("cuda/no-gpu", "There is no GPU 1: the process sees 1, counted from 0",
                 [] { Device device(1); });
  expect_failure("cuda/no-gpu", "There is no GPU 64", [] { Device device(64); });
  gpu.count = 2;
  Device first(0), second(1);
  Memory of_first, of_second, later;
  of_first.allocate(first, 4), of_second.allocate(second, 4);
  expect(of_first.reachable_from(first) && !of_first.reachable_from(second), "memory has a GPU");
  gpu.crash = cudaErrorIllegalAddress;
  expect_failure("cuda/lost", "waiting for Fake GPU", [&] { first.synchronize(); });
  second.synchronize();
  const Device again(0);
  expect(gpu.resets == 1, "the lost one is reset for a new session");
  expect(!of_first.reachable_from(again), "what lay there is gone");
  second.synchronize();
  later.allocate(second, 4);
  expect(of_second.reachable_from(second), "the other one keeps its memory");
}

// A device is made and given back while another thread captures.
void threads() {
  Device device;
  Memory memory;
  memory.allocate(device, 64);
  std::vector<int> order;
  Recorder recorder(device, Recorder::Mode::kGraph, 1);
  recorder.begin_task(0, nullptr, 0);
  std::thread making([&] {
    make_device();
    order.push_back(2);
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  order.push_back(1);
  recorder.end_task();
  making.join();
  expect(order == std::vector<int>({1, 2}), "a device is not made or closed within a capture");
}

}  // namespace incept::cuda
