// Operators that look at one element at a time; joins of several values are in join.hpp. All may
// run over their input.
#pragma once

#include <algorithm>
#include <cmath>

#include "shape.hpp"
#include "team.hpp"

namespace incept {

template <const Activate& S>
void activate(const Member& t, const float* in, float* out) {
  for (auto [i, end] = share(t, extent(S)); i < end; ++i) out[i] = activated(S.activation, in[i]);
}

// x * factor + offset, one pair for all channels.
template <const Scale& S>
void scale(const Member& t, const float* in, float* out) {
  for (auto [i, end] = share(t, extent(S)); i < end; ++i) out[i] = in[i] * S.factor_ + S.offset_;
}

// Runs `function(x, shift, factor, offset)` on every element, with the three numbers of its
// channel, which `channel(c)` gives.
struct PerChannel {
  float shift, factor, offset;
};

template <const auto& S, class Channel>
void each_channel(const Member& t, const float* in, float* out, Channel&& channel) {
  constexpr int lanes = S.blocked ? kBlock : 1;
  constexpr std::ptrdiff_t plane = S.plane();
  for (auto [item, end] = share(t, ceil_div(S.channels, lanes) * plane); item < end;) {
    const std::ptrdiff_t block = item / plane, last = std::min(end, (block + 1) * plane);
    PerChannel at[lanes] = {};
    for (int i = 0; i < std::min<std::ptrdiff_t>(lanes, S.channels - block * lanes); ++i)
      at[i] = channel(block * lanes + i);
    for (; item < last; ++item)
      for (int i = 0; i < lanes; ++i)
        out[item * lanes + i] = (in[item * lanes + i] - at[i].shift) * at[i].factor + at[i].offset;
  }
}

// x * factors[c] + offsets[c].
template <const Scale& S>
void scale(const Member& t, const float* in, const float* factors, const float* offsets,
           float* out) {
  each_channel<S>(t, in, out,
                  [&](std::ptrdiff_t c) { return PerChannel{0.0f, factors[c], offsets[c]}; });
}

// (x - mean) / sqrt(variance + eps) * gamma + beta; null gamma is 1, null beta 0.
template <const BatchNorm& S>
void batch_norm(const Member& t, const float* in, const float* gamma, const float* beta,
                const float* mean, const float* variance, float* out) {
  each_channel<S>(t, in, out, [&](std::ptrdiff_t c) {
    const double factor = (gamma ? gamma[c] : 1.0) / std::sqrt(double(variance[c]) + S.epsilon);
    return PerChannel{mean[c], static_cast<float>(factor), beta ? beta[c] : 0.0f};
  });
}

}  // namespace incept
