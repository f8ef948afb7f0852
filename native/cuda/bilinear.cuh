// Bilinear interpolation by whole factors.
#pragma once

#include "packs.cuh"

namespace incept::cuda {

// A thread a pack of the larger image, mixed of the four around it.
template <class L, int V, class T>
__global__ void bilinear_kernel(Global<const T> in, int in_pitch, Global<T> out, int out_pitch,
                                std::int64_t pixels) {
  constexpr Bilinear S = L::value;
  constexpr int kWidth = S.out_width(), kPlane = S.out_height() * kWidth;
  Spot spot;
  if (!own_pack<V>(S.channels, pixels, spot)) return;
  const Division image = divide(spot.pixel, kPlane);
  const Between y = Bilinear::between(image.remainder / kWidth, S.factor_height, S.in_height);
  const Between x = Bilinear::between(image.remainder % kWidth, S.factor_width, S.in_width);
  const std::int64_t first = image.quotient * (S.in_height * S.in_width);
  const auto mixed = [&](int row) {
    const std::int64_t from = first + row * S.in_width;
    const Floats<V> left = to_floats(load<V>(in, (from + x.before) * in_pitch + spot.channel));
    const Floats<V> right = to_floats(load<V>(in, (from + x.behind) * in_pitch + spot.channel));
    Floats<V> both;
    for (int i = 0; i < V; ++i)
      both.at[i] = left.at[i] * x.share_before + right.at[i] * x.share_behind;
    return both;
  };
  const Floats<V> above = mixed(y.before), below = mixed(y.behind);
  Floats<V> sum;
  for (int i = 0; i < V; ++i)
    sum.at[i] = above.at[i] * y.share_before + below.at[i] * y.share_behind;
  store<V>(out, spot.pixel * out_pitch + spot.channel, from_floats<T>(sum));
}

// x: [channels, in_height, in_width], y the same with both sides times their factors.
template <Bilinear S, class P>
void bilinear(Walk& g, const Value& x, const Value& y) {
  using T = Element<P>;
  if (!g.running()) return;
  const Global<const T> in = g.at<const T>(x);
  const Global<T> out = g.at<T>(y);
  const bool packs = takes_packs(in, x.pitch) && takes_packs(out, y.pitch);
  with_packs<pack_of<T>(S.channels)>(packs, [&](auto v) {
    constexpr int V = decltype(v)::value;
    const std::int64_t pixels = g.batch() * y.pixels();
    const Grid grid = grid_for(pixels * (S.channels / V));
    g.recorder().launch("bilinear", bilinear_kernel<Layer<S>, V, T>, grid.blocks, grid.threads, in,
                        x.pitch, out, y.pitch, pixels);
  });
}

}  // namespace incept::cuda
