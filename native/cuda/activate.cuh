// Activations, by themselves or with a bias after a library; and how all operators that look at one
// element at a time go through a value.
#pragma once

#include "packs.cuh"

namespace incept::cuda {

// Calls `change(floats, channel)` on the thread's pack of `in` and stores it to `out`.
template <int V, class T, class Change>
__device__ __forceinline__ void change_pack(Global<const T> in, int in_pitch, Global<T> out,
                                            int out_pitch, int channels, std::int64_t pixels,
                                            Change&& change) {
  Spot spot;
  if (!own_pack<V>(channels, pixels, spot)) return;
  Floats<V> x = to_floats(load<V>(in, spot.pixel * in_pitch + spot.channel));
  change(x, spot.channel);
  store<V>(out, spot.pixel * out_pitch + spot.channel, from_floats<T>(x));
}

// Launches `kernel(v)`, whose parameters are those of activate_kernel and `more`.
template <class T, int Channels, class Kernel, class... More>
void change(const char* name, Walk& g, const Value& x, const Value& y, Kernel&& kernel,
            More... more) {
  const Global<const T> in = g.at<const T>(x);
  const Global<T> out = g.at<T>(y);
  const std::int64_t pixels = g.batch() * x.pixels();
  const bool packs = takes_packs(in, x.pitch) && takes_packs(out, y.pitch);
  with_packs<pack_of<T>(Channels)>(packs, [&](auto v) {
    const Grid grid = grid_for(pixels * (Channels / decltype(v)::value));
    g.recorder().launch(name, kernel(v), grid.blocks, grid.threads, in, x.pitch, out, y.pitch,
                        pixels, more...);
  });
}

template <class L, int V, class T>
__global__ void activate_kernel(Global<const T> in, int in_pitch, Global<T> out, int out_pitch,
                                std::int64_t pixels) {
  change_pack<V, T>(in, in_pitch, out, out_pitch, L::value.channels, pixels, [](Floats<V>& x, int) {
    for (int i = 0; i < V; ++i) x.at[i] = activated(L::value.activation, x.at[i], L::value.alpha);
  });
}

// y = the activation of x.
template <Activate S, class P>
void activate(Walk& g, const Value& x, const Value& y) {
  using T = Element<P>;
  if (!g.running()) return;
  change<T, S.channels>("activate", g, x, y,
                        [](auto v) { return activate_kernel<Layer<S>, decltype(v)::value, T>; });
}

// Bias and activation of what a library left without. The activation is the same for all threads.
template <int V, class T>
__global__ void bias_activate_kernel(Global<T> y, int pitch, int channels, std::int64_t pixels,
                                     Global<const T> bias, int activation, float alpha) {
  change_pack<V, T>(y, pitch, y, pitch, channels, pixels, [=](Floats<V>& x, int channel) {
    if (bias != nullptr) {
      const Floats<V> offset = to_floats(load<V>(bias, channel));
      for (int i = 0; i < V; ++i) x.at[i] += offset.at[i];
    }
    for (int i = 0; i < V; ++i)
      x.at[i] = activated(static_cast<Activation>(activation), x.at[i], alpha);
  });
}

// y = activation(y + bias) in place, for `channels` numbers of each pixel; the bias may be null.
template <class T>
void bias_activate(Recorder& recorder, Global<T> y, int pitch, int channels, std::int64_t pixels,
                   Global<const T> bias, Activation activation, float alpha) {
  const bool packs = takes_packs(y, pitch) && takes_packs(bias, 0) && channels % kWidest<T> == 0;
  with_packs<kWidest<T>>(packs, [&](auto v) {
    constexpr int V = decltype(v)::value;
    const Grid grid = grid_for(pixels * (channels / V));
    recorder.launch("bias_activate", bias_activate_kernel<V, T>, grid.blocks, grid.threads, y,
                    pitch, channels, pixels, bias, static_cast<int>(activation), alpha);
  });
}

}  // namespace incept::cuda
