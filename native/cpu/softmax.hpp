// Softmax over channels, height or width, and its logarithm.
#pragma once

#include <cmath>

#include "numbers.hpp"
#include "team.hpp"

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

// The greatest input is subtracted first, so that nothing overflows. May run in place.
template <const Softmax& S, class Numbers = F32, class Isa = Native>
void softmax(const Member& t, const Stored<Numbers>* in, Stored<Numbers>* out) {
  using Own = Lines<S, Isa>;
  using Sum = cpu::Sum<Numbers>;
  for (auto [group, end] = share(t, Own::groups); group < end; ++group) {
    const Stored<Numbers>* x = in + Own::start(group);
    Stored<Numbers>* y = out + Own::start(group);
    Sum greatest[Own::lanes], less[Own::lanes];
    double sum[Own::lanes] = {};
    for (int i = 0; i < Own::lanes; ++i) greatest[i] = Numbers::read(x[i]);
    for (int k = 1; k < S.count(); ++k)
      for (int i = 0; i < Own::lanes; ++i) {
        const Sum number = Numbers::read(x[Own::at(k) + i]);
        greatest[i] = number > greatest[i] ? number : greatest[i];
      }
    for (int k = 0; k < S.count(); ++k)
      for (int i = 0; i < Own::lanes; ++i) {
        const Sum power = std::exp(Numbers::read(x[Own::at(k) + i]) - greatest[i]);
        if constexpr (!S.logs) y[Own::at(k) + i] = Numbers::write(power);
        sum[i] += power;
      }
    for (int i = 0; i < Own::lanes; ++i) less[i] = static_cast<Sum>(std::log(sum[i]));
    for (int k = 0; k < S.count(); ++k)
      for (int i = 0; i < Own::lanes; ++i) {
        const std::ptrdiff_t at = Own::at(k) + i;
        y[at] = Numbers::write(S.logs ? Numbers::read(x[at]) - greatest[i] - less[i]
                                      : static_cast<Sum>(Numbers::read(y[at]) / sum[i]));
      }
  }
}

}  // namespace incept::cpu
