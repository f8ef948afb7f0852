// Workspace whose sizes only the libraries know, at load: places in one memory such that steps that
// may run at once never share a byte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace incept::cuda {

class Workspace {
 public:
  // Step `id`, which runs after those named; steps come in an order that respects that.
  void step(int id, const int* after, std::size_t count);
  // What the step needs, on top of what it asked for before.
  void need(int id, std::size_t bytes);
  // Places them all, largest first; the bytes of the whole.
  std::size_t pack();
  // Where the step's begins. Multiples of 256.
  std::int64_t offset(int id) const { return steps_[id].offset; }

 private:
  struct Step {
    std::size_t bytes = 0;
    std::int64_t offset = 0;
    std::vector<std::uint64_t> before;  // A bit for each step that has ended when this one begins.
  };
  bool ordered(int a, int b) const;
  std::vector<Step> steps_;
};

}  // namespace incept::cuda
