// The simulated device and its memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "../cuda/failure.hpp"
#include "store.hpp"

namespace incept::cuda {

class Memory;

class Device {
 public:
  // Whether a network is to run task by task once before it is captured. Nothing is loaded late
  // here, so it would only take time.
  static constexpr bool warms_up = false;

  explicit Device(int index = 0);
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  const std::string& name() const { return name_; }
  void upload(Memory& to, const void* from, std::size_t bytes);
  void synchronize();
  std::string free_memory() const;

  // ---- For the simulator.

  // Does what may find a violation, after which the device is lost.
  template <class Work>
  void guarded(Work&& work) {
    try {
      work();
    } catch (const Failure& failure) {
      lose(failure.message);
      throw;
    }
  }
  void lose(const std::string& why);
  bool lost() const { return !lost_.empty(); }

  // Bytes in use and allocations made.
  struct Use {
    std::int64_t bytes = 0;
    int allocations = 0;
  };
  const std::shared_ptr<Use>& use() const { return use_; }

 private:
  const std::string name_ = "simulated GPU";
  std::string lost_;
  std::shared_ptr<Use> use_ = std::make_shared<Use>();  // Memory may outlive its device.
};

class Memory {
 public:
  Memory() = default;
  ~Memory();
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  void allocate(Device& device, std::size_t bytes);
  std::size_t bytes() const { return store_ ? static_cast<std::size_t>(store_->bytes()) : 0; }
  // Each simulated device is a GPU of its own.
  bool reachable_from(const Device& device) const { return use_ == device.use(); }

  // For the simulator.
  const std::shared_ptr<sim::Store>& store() const { return store_; }

 private:
  std::shared_ptr<sim::Store> store_;  // Views keep the shadow, to tell that it was freed.
  std::shared_ptr<Device::Use> use_;
};

class HostMemory {
 public:
  void allocate(Device& device, std::size_t floats);
  float* data() { return floats_.data(); }
  const float* data() const { return floats_.data(); }

  // For the simulator.
  std::size_t floats() const { return floats_.size(); }

 private:
  std::vector<float> floats_;
};

}  // namespace incept::cuda
