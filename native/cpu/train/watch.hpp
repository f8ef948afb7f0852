// Finds the first value of a batch that is not finite. The batch runs a second time for it, so a
// batch as it should be pays nothing.
#pragma once

#include <cstddef>

#include "program.hpp"
#include "run.hpp"

namespace incept::cpu {

// Whether no number is a NaN or an infinity.
bool all_finite(const float* values, std::ptrdiff_t count);

class Watch {
 public:
  // The level has ended; nobody writes until this returns.
  void look(const BatchRun& run, int level);

  // Null where all were finite.
  const Watched* found() const { return found_; }

 private:
  const Watched* found_ = nullptr;
};

}  // namespace incept::cpu
