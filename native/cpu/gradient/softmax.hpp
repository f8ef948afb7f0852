// The derivative of softmax over channels, height or width, and of its logarithm. The result may be
// written over either operand.
#pragma once

#include <cmath>

#include "../numbers.hpp"
#include "../team.hpp"

namespace incept::cpu {

// Distributions that lie side by side in memory: of one pixel of a block over its channels there is
// one, and over height or width one a channel of the block.
template <const Softmax& S, class Isa>
struct Lines {
  static_assert(compiled_for<Isa>);
  static constexpr bool across = S.axis == Softmax::Axis::kChannels;
  static constexpr int lanes = across ? 1 : kBlock;
  static constexpr std::ptrdiff_t groups =
      across ? S.plane() : blocks_of(S.channels) * S.plane() / S.count();

  static constexpr std::ptrdiff_t start(std::ptrdiff_t group) {
    return (across ? group : S.start(group)) * kBlock;
  }
  // Of the k-th number from the start.
  static constexpr std::ptrdiff_t at(int k) {
    if (!across) return k * S.step() * kBlock;
    return S.blocked ? k / kBlock * S.plane() * kBlock + k % kBlock : k;
  }
};

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
