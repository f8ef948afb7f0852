// A check of how kernels divide the numbers of their items.
#pragma once

#include <cstdio>

#include "cuda/packs.cuh"

namespace check {

inline void check_divide() {
  const std::int64_t most = std::int64_t{1} << 32;
  bool good = true;
  for (const std::int64_t n : {std::int64_t{0}, std::int64_t{1}, most - 2, most - 1, most, most + 1,
                               most / 4 * most - 1, std::int64_t{6272} * 1000003})
    for (const int by : {1, 2, 3, 49, 3136, 0x7fffffff}) {
      const incept::cuda::Division got = incept::cuda::divide(n, by);
      good = good && got.quotient == n / by && got.remainder == n % by;
    }
  std::printf(good ? "ok\n" : "FAIL\n");
}

}  // namespace check
