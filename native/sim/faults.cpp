#include "faults.hpp"

#include <string>

namespace incept::cuda::sim {

Faults& faults() {
  static Faults instance;
  return instance;
}

}  // namespace incept::cuda::sim

int incept_sim_fault(const char* name, std::int64_t value) {
  auto& faults = incept::cuda::sim::faults();
  const std::string which = name;
  if (which == "out_of_memory_above")
    faults.out_of_memory_above = value;
  else if (which == "lose_device_at_task")
    faults.lose_device_at_task = static_cast<int>(value);
  else if (which == "no_gpu")
    faults.no_device = value != 0 ? "cuda/no-gpu" : nullptr;
  else if (which == "no_engine")
    faults.no_engine = value != 0;
  else if (which == "any_engine")
    faults.any_engine = value != 0;
  else if (which == "seed")
    faults.seed = static_cast<std::uint64_t>(value);
  else
    return 1;
  return 0;
}
