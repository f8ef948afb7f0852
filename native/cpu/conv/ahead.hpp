// Weights that are needed after those at hand, asked for bit by bit while these are multiplied: who
// asks memory for many at once waits for it, and nothing else asks for those of the next blocks in
// time.
#pragma once

#include "../numbers.hpp"

namespace incept::cpu {

// A line a block for each channel that is multiplied.
template <class Number>
struct Ahead {
  // `count` channels of weights, while `multiplied` are.
  INCEPT_INLINE Ahead(const Number* weights, int count, int multiplied)
      : next(weights),
        apart(std::ptrdiff_t(count) * kBlock),
        stride((apart + multiplied - 1) / multiplied) {}

  const Number* next;
  std::ptrdiff_t apart;   // Between the parts that are fetched side by side, one a block.
  std::ptrdiff_t stride;  // For each channel that is multiplied.
};

// A few lines at a time, where that is asked for.
template <class Number>
class Following {
 public:
  // So many numbers, while `ask` is called so many times.
  INCEPT_INLINE Following(const Number* weights, std::ptrdiff_t count, std::ptrdiff_t asks)
      : next_(weights),
        end_(weights + count),
        at_once_((count + kLine * asks - 1) / (kLine * asks)) {}

  INCEPT_INLINE void ask() {
    for (std::ptrdiff_t i = 0; i < at_once_ && next_ < end_; ++i, next_ += kLine)
      __builtin_prefetch(next_, 0, 2);
  }

 private:
  static constexpr int kLine = 64 / sizeof(Number);

  const Number* next_;
  const Number* end_;
  std::ptrdiff_t at_once_;  // Lines.
};

}  // namespace incept::cpu
