#include "device.hpp"

#include <new>

#include "faults.hpp"

namespace incept::cuda {
namespace {

double gibibytes(std::int64_t bytes) {
  return static_cast<double>(bytes) / (1 << 30);
}

}  // namespace

Device::Device(int index) {
  if (index != 0)
    throw Failure("cuda/no-gpu", text("There is no GPU %d: one is simulated, 0.", index));
  if (const char* code = sim::faults().no_device)
    throw Failure(code, "The simulator was told to have no such device.");
}

void Device::lose(const std::string& why) {
  if (lost_.empty()) lost_ = why;
}

void Device::upload(Memory& to, const void* from, std::size_t bytes) {
  guarded([&] {
    if (bytes > to.bytes())
      throw Failure("sim/out-of-bounds",
                    text("The host uploads %zu bytes to a memory of %zu", bytes, to.bytes()));
    if (to.store()) to.store()->upload(from, static_cast<std::int64_t>(bytes));
  });
}

void Device::synchronize() {
  if (lost()) throw Failure("cuda/lost", "The GPU is lost: " + lost_);
}

std::string Device::free_memory() const {
  const std::int64_t all = sim::faults().out_of_memory_above;
  return text("%.1f GiB of %.1f GiB are free", gibibytes(all - use_->bytes), gibibytes(all));
}

void Memory::allocate(Device& device, std::size_t bytes) {
  const auto wanted = static_cast<std::int64_t>(bytes);
  if (store_) throw Failure("sim/launch", "A memory is allocated twice.");
  const auto exhausted = [&] { throw Failure("memory/exhausted", device.free_memory()); };
  if (wanted > sim::faults().out_of_memory_above - device.use()->bytes) exhausted();
  try {
    store_ = std::make_shared<sim::Store>(text("memory %d", device.use()->allocations), wanted);
  } catch (const std::bad_alloc&) {
    exhausted();
  }
  use_ = device.use();
  use_->bytes += wanted;
  ++use_->allocations;
}

Memory::~Memory() {
  if (!store_) return;
  use_->bytes -= store_->bytes();
  store_->free();
}

void HostMemory::allocate(Device&, std::size_t floats) {
  floats_.assign(floats, 0.0f);
}

}  // namespace incept::cuda
