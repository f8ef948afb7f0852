// Operators that look at one element at a time; joins of several values are in join.hpp. All may
// run over their input.
#pragma once

#include <algorithm>
#include <cmath>

#include "activated.hpp"
#include "numbers.hpp"
#include "team.hpp"

namespace incept::cpu {

template <const Activate& S, class Numbers = F32, class Isa = Native>
void activate(Member& t, const Stored<Numbers>* in, Stored<Numbers>* out) {
  using Simd = cpu::Simd<Numbers, Isa>;
  constexpr int lanes = Isa::kLanes;
  constexpr std::ptrdiff_t count = extent(S), whole = count / lanes;
  const auto change = [](const Stored<Numbers>* from, Stored<Numbers>* to) {
    Simd::store(to, activated<S, Numbers, Isa>(Simd::load(from)));
  };
  // By whole registers, so that a number goes the same way whoever computes it.
  for (auto [i, end] : t.stretches(whole + (count % lanes > 0), enough(4))) {
    for (; i < std::min(end, whole); ++i) change(in + i * lanes, out + i * lanes);
    if (i == end) continue;
    Stored<Numbers> last[lanes] = {};
    std::copy(in + i * lanes, in + count, last);
    change(last, last);
    std::copy(last, last + count % lanes, out + i * lanes);
  }
}

// x * factor + offset, one pair for all channels.
template <const Scale& S, class Numbers = F32, class Isa = Native>
void scale(Member& t, const Stored<Numbers>* in, Stored<Numbers>* out) {
  static_assert(compiled_for<Isa>);
  for (auto [i, end] : t.stretches(extent(S), kBlock * enough(1)))
    for (; i < end; ++i) out[i] = Numbers::write(Numbers::read(in[i]) * S.factor_ + S.offset_);
}

// Runs `change(x, of)` on every element, `of` being what `channel(c)` gives for its channel.
template <const auto& S, class Numbers, class Isa, class Channel, class Change>
void each_channel(Member& t, const Stored<Numbers>* in, Stored<Numbers>* out, Channel&& channel,
                  Change&& change) {
  static_assert(compiled_for<Isa>);
  constexpr int lanes = S.blocked ? kBlock : 1;
  constexpr std::ptrdiff_t plane = S.plane();
  for (auto [item, end] : t.stretches(ceil_div(S.channels, lanes) * plane, enough(1)))
    while (item < end) {
      const std::ptrdiff_t block = item / plane, last = std::min(end, (block + 1) * plane);
      decltype(channel(block)) at[lanes] = {};
      for (int i = 0; i < std::min<std::ptrdiff_t>(lanes, S.channels - block * lanes); ++i)
        at[i] = channel(block * lanes + i);
      for (; item < last; ++item)
        for (int i = 0; i < lanes; ++i)
          out[item * lanes + i] =
              Numbers::write(change(Numbers::read(in[item * lanes + i]), at[i]));
    }
}

// (x - shift) * factor + offset, of three numbers a channel.
template <class Sum>
struct PerChannel {
  Sum shift, factor, offset;
};
template <const auto& S, class Numbers, class Isa, class Channel>
void move_channels(Member& t, const Stored<Numbers>* in, Stored<Numbers>* out, Channel&& channel) {
  using Own = PerChannel<Sum<Numbers>>;
  each_channel<S, Numbers, Isa>(t, in, out, channel, [](Sum<Numbers> x, const Own& of) {
    return (x - of.shift) * of.factor + of.offset;
  });
}

// x where x > 0, else slope * x.
template <const PRelu& S, class Numbers = F32, class Isa = Native>
void prelu(Member& t, const Stored<Numbers>* in, const Sum<Numbers>* slope, Stored<Numbers>* out) {
  const auto own = [&](std::ptrdiff_t c) { return slope[S.one_slope ? 0 : c]; };
  each_channel<S, Numbers, Isa>(t, in, out, own,
                                [](Sum<Numbers> x, Sum<Numbers> by) { return x > 0 ? x : by * x; });
}

// x * factors[c] + offsets[c].
template <const Scale& S, class Numbers = F32, class Isa = Native>
void scale(Member& t, const Stored<Numbers>* in, const Sum<Numbers>* factors,
           const Sum<Numbers>* offsets, Stored<Numbers>* out) {
  const auto own = [&](std::ptrdiff_t c) {
    return PerChannel<Sum<Numbers>>{0, factors[c], offsets[c]};
  };
  move_channels<S, Numbers, Isa>(t, in, out, own);
}

// (x - mean) / sqrt(variance + eps) * gamma + beta; null gamma is 1, null beta 0.
template <const BatchNorm& S, class Numbers = F32, class Isa = Native>
void batch_norm(Member& t, const Stored<Numbers>* in, const Sum<Numbers>* gamma,
                const Sum<Numbers>* beta, const Sum<Numbers>* mean, const Sum<Numbers>* variance,
                Stored<Numbers>* out) {
  const auto own = [&](std::ptrdiff_t c) {
    const double factor = (gamma ? gamma[c] : 1.0) / std::sqrt(double(variance[c]) + S.epsilon);
    return PerChannel<Sum<Numbers>>{mean[c], static_cast<Sum<Numbers>>(factor), beta ? beta[c] : 0};
  };
  move_channels<S, Numbers, Isa>(t, in, out, own);
}

}  // namespace incept::cpu
