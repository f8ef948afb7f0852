// Joins of any number of values element by element.
#pragma once

#include "packs.cuh"

namespace incept::cuda {

// What is joined. A kernel's parameters may take 32 KB: all operands go along at once, so that the
// result is rounded once however many they are, and may be written over any that is not spread.
template <class T, int N>
struct Operands {
  Global<const T> in[N];
  int pitch[N];
  float scale[N];  // Of a sum's.
  bool spread[N];  // Has one pixel an image.
};

// How elements of all operands become one: each `of` its operand, `join`ed one after another.
// Static: a parameter that a kernel calls is copied to its stack.
struct JoinSum {
  static __device__ __forceinline__ float of(float x, float scale) { return x * scale; }
  static __device__ __forceinline__ float join(float a, float b) { return a + b; }
};

struct JoinProduct {
  static __device__ __forceinline__ float of(float x, float) { return x; }
  static __device__ __forceinline__ float join(float a, float b) { return a * b; }
};

struct JoinLargest {
  static __device__ __forceinline__ float of(float x, float) { return x; }
  static __device__ __forceinline__ float join(float a, float b) { return greater(a, b); }
};

static_assert(kMaxOperands * (8 + 4 + 1 + 4) < 32000, "more than a kernel's parameters may take");

// `plane` are the pixels of an image where an operand is spread, else 0.
template <int V, class Fold, class T, int N>
__global__ void join_kernel(Operands<T, N> x, Global<T> out, int out_pitch, int channels,
                            std::int64_t pixels, int plane) {
  Spot spot;
  if (!own_pack<V>(channels, pixels, spot)) return;
  const std::int64_t image = plane == 0 ? 0 : divide(spot.pixel, plane).quotient;
  Floats<V> so_far;
  for (int n = 0; n < N; ++n) {
    const std::int64_t pixel = x.spread[n] ? image : spot.pixel;
    const Floats<V> one = to_floats(load<V>(x.in[n], pixel * x.pitch[n] + spot.channel));
    for (int i = 0; i < V; ++i) {
      const float own = Fold::of(one.at[i], x.scale[n]);
      so_far.at[i] = n == 0 ? own : Fold::join(so_far.at[i], own);
    }
  }
  store<V>(out, spot.pixel * out_pitch + spot.channel, from_floats<T>(so_far));
}

// The n-th operand's factor.
inline float scale_of(const Add& layer, int n) {
  return layer.scale[n];
}
template <class Layer>
float scale_of(const Layer&, int) {
  return 1;
}

template <class P, class Fold, class Layer, class... X>
void join(const char* name, Walk& g, const Layer& layer, const Value& y, const X&... xs) {
  using T = Element<P>;
  constexpr int N = sizeof...(xs);
  const Value* const values[] = {&xs...};
  const Global<T> out = g.at<T>(y);
  Operands<T, N> x;
  bool packs = takes_packs(out, y.pitch) && y.channels % kWidest<T> == 0;
  for (int n = 0; n < N; ++n) {
    x.in[n] = g.at<const T>(*values[n]);
    x.pitch[n] = values[n]->pitch;
    x.scale[n] = scale_of(layer, n);
    x.spread[n] = layer.spreads[n];
    packs = packs && takes_packs(x.in[n], x.pitch[n]);
  }
  const int plane = layer.any_spread ? static_cast<int>(y.pixels()) : 0;
  with_packs<kWidest<T>>(packs, [&](auto v) {
    constexpr int V = decltype(v)::value;
    const std::int64_t pixels = g.batch() * y.pixels();
    const Grid grid = grid_for(pixels * (y.channels / V));
    g.recorder().launch(name, join_kernel<V, Fold, T, N>, grid.blocks, grid.threads, x, out,
                        y.pitch, y.channels, pixels, plane);
  });
}

// y = the sum of layer.scale[n] * x[n].
template <class P, class... X>
void add(Walk& g, const Add& layer, const Value& y, const X&... xs) {
  if (g.running()) join<P, JoinSum>("add", g, layer, y, xs...);
}

// y = the product of all x.
template <class P, class... X>
void mul(Walk& g, const Mul& layer, const Value& y, const X&... xs) {
  if (g.running()) join<P, JoinProduct>("mul", g, layer, y, xs...);
}

// y = the greatest of all x; NaN wins.
template <class P, class... X>
void maximum(Walk& g, const Max& layer, const Value& y, const X&... xs) {
  if (g.running()) join<P, JoinLargest>("maximum", g, layer, y, xs...);
}

}  // namespace incept::cuda
