// Channels in another order: as a table with a row a group, read by columns.
#pragma once

#include "packs.cuh"

namespace incept::cuda {

// A thread a pack of the result, whose channels come from all over their pixel.
template <class L, int V, class T>
__global__ void shuffle_kernel(Global<const T> in, int in_pitch, Global<T> out, int out_pitch,
                               std::int64_t pixels) {
  constexpr Shuffle S = L::value;
  constexpr int kRow = S.channels / S.group_count;
  Spot spot;
  if (!own_pack<V>(S.channels, pixels, spot)) return;
  const Global<const T> pixel = in + spot.pixel * in_pitch;
  Pack<T, V> x;
  for (int i = 0; i < V; ++i) {
    const int channel = spot.channel + i;
    x.at[i] = load<1>(pixel, channel % S.group_count * kRow + channel / S.group_count).at[0];
  }
  store<V>(out, spot.pixel * out_pitch + spot.channel, x);
}

// x and y have the same shape, and any pitch.
template <Shuffle S, class P>
void shuffle(Walk& g, const Value& x, const Value& y) {
  using T = Element<P>;
  if (!g.running()) return;
  const Global<T> out = g.at<T>(y);
  with_packs<pack_of<T>(S.channels)>(takes_packs(out, y.pitch), [&](auto v) {
    constexpr int V = decltype(v)::value;
    const std::int64_t pixels = g.batch() * y.pixels();
    const Grid grid = grid_for(pixels * (S.channels / V));
    g.recorder().launch("shuffle", shuffle_kernel<Layer<S>, V, T>, grid.blocks, grid.threads,
                        g.at<const T>(x), x.pitch, out, y.pitch, pixels);
  });
}

}  // namespace incept::cuda
