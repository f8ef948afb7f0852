// Workspace whose sizes only the libraries know, at load: places in one memory such that tasks that
// may run at once never share a byte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace incept::cuda {

class Workspace {
 public:
  // Task `id`, which runs after those named; tasks come in an order that respects that.
  void task(int id, const int* after, std::size_t count);
  // What the task needs, on top of what it asked for before.
  void need(int id, std::size_t bytes);
  // Places them all, largest first; the bytes of the whole.
  std::size_t pack();
  // Where the task's begins. Multiples of 256.
  std::int64_t offset(int id) const { return tasks_[id].offset; }

 private:
  struct Task {
    std::size_t bytes = 0;
    std::int64_t offset = 0;
    std::vector<std::uint64_t> before;  // A bit for each task that has ended when this one begins.
  };
  bool ordered(int a, int b) const;
  std::vector<Task> tasks_;
};

}  // namespace incept::cuda
