// Joins of several values element by element. The result may be written over any operand that is
// not spread.
#pragma once

#include <limits>

#include "../shape.hpp"
#include "../team.hpp"

namespace incept::cpu::reference {

// `join(so_far, x, k)` takes the element of the k-th operand in; it begins with `start`.
template <class Layer, class Join, class... In>
void join(const Member& t, const Layer& s, double start, Join&& join, float* out, const In*... in) {
  const float* const operands[] = {in...};
  for (auto [i, end] = share(t, s.channels * s.plane()); i < end; ++i) {
    double so_far = start;
    for (int k = 0; k < s.operand_count; ++k)
      so_far = join(so_far, double(operands[k][s.spreads[k] ? i / s.plane() : i]), k);
    out[i] = activated(s, static_cast<float>(so_far));
  }
}

// The sum of scale[k] * in[k].
template <class... In>
void add(const Member& t, const Add& s, float* out, const In*... in) {
  join(t, s, 0, [&](double sum, double x, int k) { return sum + s.scale[k] * x; }, out, in...);
}

template <class... In>
void mul(const Member& t, const Mul& s, float* out, const In*... in) {
  join(t, s, 1, [](double product, double x, int) { return product * x; }, out, in...);
}

// NaN wins.
template <class... In>
void maximum(const Member& t, const Max& s, float* out, const In*... in) {
  constexpr double least = -std::numeric_limits<double>::infinity();
  const auto greater = [](double most, double x, int) { return x > most || x != x ? x : most; };
  join(t, s, least, greater, out, in...);
}

}  // namespace incept::cpu::reference
