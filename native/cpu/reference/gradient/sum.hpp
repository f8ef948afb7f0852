// Sums of a channel: over the whole batch, and over the plane of one image.
#pragma once

#include "../../../layers/training.hpp"
#include "../../batch.hpp"
#include "../../shape.hpp"
#include "../../team.hpp"

namespace incept::cpu::reference {

// The sum of `of(image, at)` over all numbers of a channel, in their order.
template <class Layer, class Of>
double channel_sum(const Layer& s, int images, std::ptrdiff_t channel, Of&& of) {
  double sum = 0;
  for (int image = 0; image < images; ++image)
    for (std::ptrdiff_t at = channel * s.plane(); at < (channel + 1) * s.plane(); ++at)
      sum += of(image, at);
  return sum;
}

inline void sum_channels(const Member& t, const ChannelSum& s, Batch<const float> x, float* sums) {
  for (auto [c, end] = share(t, s.channels); c < end; ++c) {
    const auto number = [&](int image, std::ptrdiff_t at) { return double(x(image)[at]); };
    sums[c] = static_cast<float>(channel_sum(s, x.images, c, number));
  }
}

inline void sum_plane(const Member& t, const ChannelSum& s, const float* x, float* sums) {
  for (auto [c, end] = share(t, s.channels); c < end; ++c) {
    const auto number = [&](int, std::ptrdiff_t at) { return double(x[at]); };
    sums[c] = static_cast<float>(channel_sum(s, 1, c, number));
  }
}

}  // namespace incept::cpu::reference
