// The weighted sum of any number of values.
#pragma once

#include "packs.cuh"

namespace incept::cuda {

// What a sum is of. A kernel's parameters may take 32 KB: all operands go along at once, so that a
// sum is rounded once however long it is, and may be written over any operand.
template <class T, int N>
struct Operands {
  Global<const T> in[N];
  int pitch[N];
  float scale[N];
};

static_assert(kMaxOperands * (8 + 4 + 4) < 32000, "more than a kernel's parameters may take");

template <int V, class T, int N>
__global__ void add_kernel(Operands<T, N> x, Global<T> out, int out_pitch, int channels,
                           std::int64_t pixels) {
  Spot spot;
  if (!own_pack<V>(channels, pixels, spot)) return;
  Floats<V> sum{};
  for (int n = 0; n < N; ++n) {
    const Floats<V> one = to_floats(load<V>(x.in[n], spot.pixel * x.pitch[n] + spot.channel));
    for (int i = 0; i < V; ++i) sum.at[i] += one.at[i] * x.scale[n];
  }
  store<V>(out, spot.pixel * out_pitch + spot.channel, from_floats<T>(sum));
}

// y = the sum of layer.scale[i] * x[i].
template <class P, class... X>
void add(Stage& g, const Add& layer, const Value& y, const X&... xs) {
  using T = Element<P>;
  constexpr int N = sizeof...(xs);
  if (!g.running()) return;
  const Value* const values[] = {&xs...};
  const Global<T> out = g.at<T>(y);
  Operands<T, N> x;
  bool packs = takes_packs(out, y.pitch) && y.channels % kWidest<T> == 0;
  for (int n = 0; n < N; ++n) {
    x.in[n] = g.at<const T>(*values[n]);
    x.pitch[n] = values[n]->pitch;
    x.scale[n] = layer.scale[n];
    packs = packs && takes_packs(x.in[n], x.pitch[n]);
  }
  with_packs<kWidest<T>>(packs, [&](auto v) {
    constexpr int V = decltype(v)::value;
    const std::int64_t pixels = g.batch() * y.pixels();
    const Grid grid = grid_for(pixels * (y.channels / V));
    g.recorder().launch("add", add_kernel<V, T, N>, grid.blocks, grid.threads, x, out, y.pitch,
                        y.channels, pixels);
  });
}

}  // namespace incept::cuda
