// What a trainer does to the numbers that learn once a batch has given their gradients. update.cpp
// is compiled with the kernels' flags.
#pragma once

#include <cstddef>

#include "../../abi/train.h"
#include "optimizers.hpp"
#include "program.hpp"

namespace incept::cpu {

// A piece of one parameter, the same however many share the work: sums go over pieces, and these
// are added up in order.
struct Piece {
  static constexpr std::ptrdiff_t kMost = 4096;
  std::ptrdiff_t begin, count;  // In each arena.
  std::ptrdiff_t padded;  // With what lies between it and the next parameter: a multiple of 16.
  incept_rate factors;
};

// The arenas begin with what learns, at the same places in each.
struct Arenas {
  float* parameters;
  const float* gradients;
  float* moments[2];  // Null where the optimizer has fewer.
  float* average;     // Or null.
};

// The sum of each piece's squares.
void square_sums(const Member& t, const Table<Piece>& pieces, const float* gradients, double* sums);

// Lets parameters, moments and the average follow the gradients, of which `clip` is a factor.
void update(const Member& t, const Table<Piece>& pieces, const Arenas& arenas,
            incept_optimizer optimizer, const incept_train_numbers& numbers, double clip);

}  // namespace incept::cpu
