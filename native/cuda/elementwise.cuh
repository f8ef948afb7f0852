// Operators that look at one element at a time. All may write over their input: a thread reads and
// writes the same elements.
#pragma once

#include "activate.cuh"

namespace incept::cuda {

template <class L, int V, class T>
__global__ void scale_kernel(Global<const T> in, int in_pitch, Global<T> out, int out_pitch,
                             std::int64_t pixels) {
  change_pack<V, T>(in, in_pitch, out, out_pitch, L::value.channels, pixels, [](Floats<V>& x, int) {
    for (int i = 0; i < V; ++i) x.at[i] = x.at[i] * L::value.factor_ + L::value.offset_;
  });
}

template <class L, int V, class T>
__global__ void scale_channels_kernel(Global<const T> in, int in_pitch, Global<T> out,
                                      int out_pitch, std::int64_t pixels,
                                      Global<const float> factors, Global<const float> offsets) {
  change_pack<V, T>(in, in_pitch, out, out_pitch, L::value.channels, pixels,
                    [=](Floats<V>& x, int channel) {
                      const Floats<V> factor = load_floats<V>(factors, channel, 1);
                      const Floats<V> offset = load_floats<V>(offsets, channel, 0);
                      for (int i = 0; i < V; ++i) x.at[i] = x.at[i] * factor.at[i] + offset.at[i];
                    });
}

// Of the channels from `channel` on, or V times the one for all.
template <class L, int V>
__device__ __forceinline__ Floats<V> load_slopes(Global<const float> slopes, int channel) {
  if constexpr (!L::value.one_slope) {
    return load_floats<V>(slopes, channel, 1);
  } else {
    Floats<V> all;
    for (int i = 0; i < V; ++i) all.at[i] = slopes[0];
    return all;
  }
}

template <class L, int V, class T>
__global__ void prelu_kernel(Global<const T> in, int in_pitch, Global<T> out, int out_pitch,
                             std::int64_t pixels, Global<const float> slopes) {
  change_pack<V, T>(in, in_pitch, out, out_pitch, L::value.channels, pixels,
                    [=](Floats<V>& x, int channel) {
                      const Floats<V> slope = load_slopes<L, V>(slopes, channel);
                      for (int i = 0; i < V; ++i)
                        x.at[i] = x.at[i] > 0 ? x.at[i] : slope.at[i] * x.at[i];
                    });
}

template <class L, int V, class T>
__global__ void batch_norm_kernel(Global<const T> in, int in_pitch, Global<T> out, int out_pitch,
                                  std::int64_t pixels, Global<const float> gamma,
                                  Global<const float> beta, Global<const float> mean,
                                  Global<const float> variance) {
  change_pack<V, T>(
      in, in_pitch, out, out_pitch, L::value.channels, pixels, [=](Floats<V>& x, int channel) {
        const Floats<V> centre = load_floats<V>(mean, channel, 0);
        const Floats<V> spread = load_floats<V>(variance, channel, 1);
        const Floats<V> factor = load_floats<V>(gamma, channel, 1);
        const Floats<V> offset = load_floats<V>(beta, channel, 0);
        for (int i = 0; i < V; ++i) {
          const float normal = (x.at[i] - centre.at[i]) / sqrtf(spread.at[i] + L::value.epsilon);
          x.at[i] = normal * factor.at[i] + offset.at[i];
        }
      });
}

// x * factor + offset, one pair for all channels.
template <Scale S, class P>
void scale(Walk& g, const Value& x, const Value& y) {
  using T = Element<P>;
  if (!g.running()) return;
  change<T, S.channels>("scale", g, x, y,
                        [](auto v) { return scale_kernel<Layer<S>, decltype(v)::value, T>; });
}

// x * factors[c] + offsets[c]; both are f32.
template <Scale S, class P>
void scale(Walk& g, const Value& x, Weights factors, Weights offsets, const Value& y) {
  using T = Element<P>;
  if (!g.running()) return;
  change<T, S.channels>(
      "scale", g, x, y,
      [](auto v) { return scale_channels_kernel<Layer<S>, decltype(v)::value, T>; },
      g.weights<float>(factors, S.channels), g.weights<float>(offsets, S.channels));
}

// x where x > 0, else slope * x; the slopes are f32.
template <PRelu S, class P>
void prelu(Walk& g, const Value& x, Weights slopes, const Value& y) {
  using T = Element<P>;
  if (!g.running()) return;
  change<T, S.channels>(
      "prelu", g, x, y, [](auto v) { return prelu_kernel<Layer<S>, decltype(v)::value, T>; },
      g.weights<float>(slopes, S.slopes()));
}

// (x - mean) / sqrt(variance + eps) * gamma + beta; all f32, no gamma is 1, no beta 0.
template <BatchNorm S, class P>
void batch_norm(Walk& g, const Value& x, Weights gamma, Weights beta, Weights mean,
                Weights variance, const Value& y) {
  using T = Element<P>;
  if (!g.running()) return;
  change<T, S.channels>(
      "batch_norm", g, x, y,
      [](auto v) { return batch_norm_kernel<Layer<S>, decltype(v)::value, T>; },
      g.weights<float>(gamma, S.channels), g.weights<float>(beta, S.channels),
      g.weights<float>(mean, S.channels), g.weights<float>(variance, S.channels));
}

}  // namespace incept::cuda
