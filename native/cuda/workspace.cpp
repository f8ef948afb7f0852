#include "workspace.hpp"

#include <algorithm>

namespace incept::cuda {
namespace {

constexpr std::int64_t kAlignment = 256;

bool has(const std::vector<std::uint64_t>& bits, int i) {
  const std::size_t word = static_cast<std::size_t>(i) / 64;
  return word < bits.size() && (bits[word] >> (i % 64) & 1);
}

void add(std::vector<std::uint64_t>& bits, int i) {
  const std::size_t word = static_cast<std::size_t>(i) / 64;
  if (word >= bits.size()) bits.resize(word + 1);
  bits[word] |= std::uint64_t{1} << (i % 64);
}

}  // namespace

void Workspace::task(int id, const int* after, std::size_t count) {
  if (static_cast<std::size_t>(id) >= tasks_.size()) tasks_.resize(id + 1);
  std::vector<std::uint64_t>& before = tasks_[id].before;
  before.clear();
  for (std::size_t i = 0; i < count; ++i) {
    const std::vector<std::uint64_t>& earlier = tasks_[after[i]].before;
    if (earlier.size() > before.size()) before.resize(earlier.size());
    for (std::size_t word = 0; word < earlier.size(); ++word) before[word] |= earlier[word];
    add(before, after[i]);
  }
  tasks_[id].bytes = 0;
}

void Workspace::need(int id, std::size_t bytes) {
  tasks_[id].bytes += (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

bool Workspace::ordered(int a, int b) const {
  return has(tasks_[a].before, b) || has(tasks_[b].before, a);
}

std::size_t Workspace::pack() {
  std::vector<int> order;
  for (std::size_t i = 0; i < tasks_.size(); ++i)
    if (tasks_[i].bytes > 0) order.push_back(static_cast<int>(i));
  std::stable_sort(order.begin(), order.end(),
                   [&](int a, int b) { return tasks_[a].bytes > tasks_[b].bytes; });
  std::size_t total = 0;
  std::vector<int> placed;
  for (const int id : order) {
    std::vector<const Task*> beside;
    for (const int other : placed)
      if (!ordered(id, other)) beside.push_back(&tasks_[other]);
    std::sort(beside.begin(), beside.end(),
              [](const Task* a, const Task* b) { return a->offset < b->offset; });
    std::int64_t offset = 0;
    for (const Task* other : beside) {
      if (other->offset >= offset + static_cast<std::int64_t>(tasks_[id].bytes)) break;
      offset = std::max(offset, other->offset + static_cast<std::int64_t>(other->bytes));
    }
    tasks_[id].offset = offset;
    placed.push_back(id);
    total = std::max(total, static_cast<std::size_t>(offset) + tasks_[id].bytes);
  }
  return total;
}

}  // namespace incept::cuda
