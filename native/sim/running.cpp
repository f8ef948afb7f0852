#include "running.hpp"

#include <atomic>

#include "../cuda/failure.hpp"
#include "block.hpp"

namespace incept::cuda::sim {

std::uint32_t next_moment() {
  static std::atomic<std::uint32_t> last{0};
  const std::uint32_t moment = last.fetch_add(1, std::memory_order_relaxed) + 1;
  if (moment > 0xfffffff0u) throw Failure("sim/exhausted", "The simulator has run out of moments.");
  return moment;
}

std::string who() {
  std::string words = running.what == nullptr ? "The host" : running.what;
  if (running.in_block) words += ", " + name_of_thread(running.thread, running.now);
  if (running.task >= 0) words += text(", task %d", running.task);
  return words;
}

void violation(const char* code, const std::string& does) {
  throw Failure(code, who() + ": " + does);
}

}  // namespace incept::cuda::sim
