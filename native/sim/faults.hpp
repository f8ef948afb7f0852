// What tests make go wrong on the simulated device. For all instances of the process; set it
// before what it concerns begins.
#pragma once

#include <cstdint>
#include <limits>

namespace incept::cuda::sim {

struct Faults {
  // Bytes of a device: an allocation that goes above fails with memory/exhausted.
  std::int64_t out_of_memory_above = std::int64_t{16} << 30;
  // The device is lost as this task is about to run. -1: at none.
  int lose_device_at_task = -1;
  // As many of the constructions of a Device that follow fail with this code.
  const char* no_device = nullptr;
  // No library takes any problem.
  bool no_engine = false;
  // Libraries take every problem they can compute.
  bool any_engine = false;
  // Another order of tasks, blocks and threads.
  std::uint64_t seed = 0;
};

Faults& faults();

}  // namespace incept::cuda::sim

// For callers of a built network: sets one by its name, "no_device" aside. 0, or 1 for a name that
// there is not.
extern "C"
#if defined(__GNUC__)
    __attribute__((visibility("default")))
#endif
    int incept_sim_fault(const char* name, std::int64_t value);
