// The derivative of the largest of several values.
#pragma once

#include "../../shape.hpp"
#include "../../team.hpp"

namespace incept::cpu::reference {

// By the operand at place `operand`: those that are as large as y share the derivative.
template <class... In>
void max_gradient(const Member& t, const Max& s, int operand, float* dx, const float* dy,
                  const float* y, const In*... in) {
  const float* const operands[] = {in...};
  for (auto [i, end] = share(t, s.channels * s.plane()); i < end; ++i) {
    int largest = 0;
    for (int k = 0; k < s.operand_count; ++k) largest += operands[k][i] == y[i];
    dx[i] = operands[operand][i] == y[i] ? dy[i] / static_cast<float>(largest) : 0.0f;
  }
}

}  // namespace incept::cpu::reference
