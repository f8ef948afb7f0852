// The batch sizes that a network is captured for, and how others are made of them.
#pragma once

#include <cstdint>
#include <vector>

namespace incept::cuda {

// 1, 2, 4, ... and the largest.
inline std::vector<std::int64_t> ladder_of(std::int64_t max_batch) {
  std::vector<std::int64_t> rungs;
  for (std::int64_t n = 1; n < max_batch; n *= 2) rungs.push_back(n);
  rungs.push_back(max_batch);
  return rungs;
}

// The rung for `batch` images that are left: padded to the next larger one where that is at least
// three quarters full, else the largest that fits is run first.
inline std::size_t rung_for(const std::vector<std::int64_t>& rungs, std::int64_t batch) {
  std::size_t above = 0;
  while (above + 1 < rungs.size() && rungs[above] < batch) ++above;
  const bool pads = 4 * batch >= 3 * rungs[above];
  return pads || above == 0 ? above : above - 1;
}

}  // namespace incept::cuda
