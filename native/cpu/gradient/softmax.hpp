// The derivative of softmax over channels, height or width, and of its logarithm. The result may be
// written over either operand.
#pragma once

#include "../softmax.hpp"

namespace incept::cpu {

// dx = y * (dy - sum (y * dy)); of logarithms dx = dy - exp(y) * sum dy.
template <const Softmax& S, class Numbers = F32, class Isa = Native>
void softmax_gradient(const Member& t, const Stored<Numbers>* y, const Stored<Numbers>* dy,
                      Stored<Numbers>* dx) {
  using Own = Lines<S, Isa>;
  for (auto [group, end] = share(t, Own::groups); group < end; ++group) {
    const std::ptrdiff_t start = Own::start(group);
    double sum[Own::lanes] = {};
    for (int k = 0; k < S.count(); ++k)
      for (int i = 0; i < Own::lanes; ++i) {
        const std::ptrdiff_t at = start + Own::at(k) + i;
        sum[i] += (S.logs ? 1.0 : double(Numbers::read(y[at]))) * Numbers::read(dy[at]);
      }
    for (int k = 0; k < S.count(); ++k)
      for (int i = 0; i < Own::lanes; ++i) {
        const std::ptrdiff_t at = start + Own::at(k) + i;
        const auto own = Numbers::read(y[at]), d = Numbers::read(dy[at]);
        const double by = S.logs ? d - std::exp(own) * sum[i] : own * (d - sum[i]);
        dx[at] = Numbers::write(static_cast<Sum<Numbers>>(by));
      }
  }
}

}  // namespace incept::cpu
