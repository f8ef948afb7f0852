// The arrays that the threads of a block share.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "view.hpp"

namespace incept::cuda::sim {

class SharedArrays {
 public:
  // What an earlier kernel declared is gone.
  void begin_launch();
  // All is unwritten.
  void begin_block();
  // The array of the declaration with this address; its first use makes it.
  const View* find(const void* declaration, const char* name, std::int64_t count,
                   std::int64_t element);

 private:
  struct Array {
    const void* declaration;
    View view;
  };
  std::vector<std::unique_ptr<Array>> arrays_;  // Pointers to the views are given out.
  std::int64_t bytes_ = 0;
};

}  // namespace incept::cuda::sim
