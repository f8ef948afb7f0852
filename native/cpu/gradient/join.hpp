// The derivative of the largest of several values. The result may be written over any operand.
#pragma once

#include "../numbers.hpp"
#include "../team.hpp"

namespace incept::cpu {

// By the operand at place `operand`: those that are as large as y share the derivative.
template <const Max& S, class Numbers = F32, class Isa = Native, class... In>
void max_gradient(const Member& t, int operand, Stored<Numbers>* dx, const Stored<Numbers>* dy,
                  const Stored<Numbers>* y, const In*... in) {
  static_assert(compiled_for<Isa>);
  static_assert(sizeof...(in) == S.operand_count, "as many operands as the layer says");
  const Stored<Numbers>* const operands[] = {in...};
  const Stored<Numbers>* const own = operands[operand];
  const auto [begin, end] = share(t, extent(S));
  INCEPT_INDEPENDENT
  for (std::ptrdiff_t i = begin; i < end; ++i) {
    const int largest = (0 + ... + static_cast<int>(in[i] == y[i]));
    dx[i] = own[i] == y[i] ? Numbers::write(Numbers::read(dy[i]) / static_cast<float>(largest))
                           : Stored<Numbers>{};
  }
}

}  // namespace incept::cpu
