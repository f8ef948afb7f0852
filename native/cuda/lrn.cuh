// Local response normalisation across channels (Krizhevsky et al. 2012, section 3.3).
#pragma once

#include "packs.cuh"

namespace incept::cuda {

// base ^ -beta; the usual exponents without a logarithm.
template <class L>
__device__ __forceinline__ float power(float base) {
  constexpr float beta = L::value.beta_;
  if constexpr (beta == 0.5f) {
    return rsqrtf(base);
  } else if constexpr (beta == 0.75f) {
    const float root = rsqrtf(base);
    return root * sqrtf(root);
  } else if constexpr (beta == 1.0f) {
    return 1.0f / base;
  } else {
    return powf(base, -beta);
  }
}

// How many packs beside its own a thread reads on each side, if they hold V channels.
constexpr int lrn_reach(int size, int pack) {
  return (size / 2 + pack - 1) / pack;
}

// Squares that a thread keeps, at most.
constexpr int kLrnSquares = 40;

template <class T>
constexpr int lrn_pack(const Lrn& s) {
  const int pack = pack_of<T>(s.channels);
  return (2 * lrn_reach(s.size, pack) + 1) * pack <= kLrnSquares ? pack : 1;
}

// The sum of squares over the window around each channel of the pack; `pixel` points to channel 0.
// Squares of numbers above 1.8e19 are infinite here, which f16 does not have.
template <class L, int V, class T>
__device__ __forceinline__ Floats<V> window_sums(Global<const T> pixel, int channel) {
  constexpr Lrn S = L::value;
  constexpr int kHalf = S.size / 2;
  Floats<V> sums{};
  if constexpr (V == 1) {
    const int last = channel + kHalf < S.channels - 1 ? channel + kHalf : S.channels - 1;
    for (int c = channel > kHalf ? channel - kHalf : 0; c <= last; ++c) {
      const float x = to_float(pixel[c]);
      sums.at[0] += x * x;
    }
  } else {
    // Neighbours come from the cache: the threads beside read them too.
    constexpr int kReach = lrn_reach(S.size, V);
    float squares[(2 * kReach + 1) * V];
    for (int p = 0; p <= 2 * kReach; ++p) {
      const int from = channel + (p - kReach) * V;
      Floats<V> x{};
      if (from >= 0 && from < S.channels) x = to_floats(load<V>(pixel, from));
      for (int i = 0; i < V; ++i) squares[p * V + i] = x.at[i] * x.at[i];
    }
    for (int i = 0; i < V; ++i)
      for (int j = 0; j < S.size; ++j) sums.at[i] += squares[kReach * V - kHalf + i + j];
  }
  return sums;
}

// A thread a pack. Each window is summed anew: a sliding sum would keep the rounding of what has
// left it, and a NaN for good.
template <class L, int V, class T>
__global__ void lrn_kernel(Global<const T> in, int in_pitch, Global<T> out, int out_pitch,
                           std::int64_t pixels) {
  constexpr Lrn S = L::value;
  Spot spot;
  if (!own_pack<V>(S.channels, pixels, spot)) return;
  const Global<const T> pixel = in + spot.pixel * in_pitch;
  const Floats<V> sums = window_sums<L, V, T>(pixel, spot.channel);
  Floats<V> x = to_floats(load<V>(pixel, spot.channel));
  for (int i = 0; i < V; ++i) x.at[i] *= power<L>(S.k_ + S.alpha_ / S.size * sums.at[i]);
  store<V>(out, spot.pixel * out_pitch + spot.channel, from_floats<T>(x));
}

// y = x / (k + alpha / size * sum of x^2 over the `size` channels around it) ^ beta; `size` is odd.
template <Lrn S, class P>
void lrn(Walk& g, const Value& x, const Value& y) {
  using T = Element<P>;
  if (!g.running()) return;
  const Global<const T> in = g.at<const T>(x);
  const Global<T> out = g.at<T>(y);
  const std::int64_t pixels = g.batch() * x.pixels();
  const bool packs = takes_packs(in, x.pitch) && takes_packs(out, y.pitch);
  with_packs<lrn_pack<T>(S)>(packs, [&](auto v) {
    constexpr int V = decltype(v)::value;
    const Grid grid = grid_for(pixels * (S.channels / V));
    g.recorder().launch("lrn", lrn_kernel<Layer<S>, V, T>, grid.blocks, grid.threads, in, x.pitch,
                        out, y.pitch, pixels);
  });
}

}  // namespace incept::cuda
