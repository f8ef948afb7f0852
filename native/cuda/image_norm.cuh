// Normalisation by the statistics of each image alone.
#pragma once

#include "rows.cuh"

namespace incept::cuda {

// Channels of a set.
constexpr int set_channels(const ImageNorm& s) {
  return s.group_count > 0 ? s.channels / s.group_count : s.channels;
}

// Where a number of a set lies: its pixel from the set's first, and its channel of the set's.
template <class L>
__device__ __forceinline__ Division set_place(std::int64_t i) {
  constexpr ImageNorm S = L::value;
  if constexpr (S.group_count == 0) {
    return {0, static_cast<int>(i)};
  } else {
    return divide(i, set_channels(S));
  }
}

// Sums of deviations from a number of the set, and then from the mean: values far from 0 keep their
// digits. Each thread reads and writes the same numbers, so y may be x.
template <class L, class T>
__global__ void image_norm_kernel(Global<const T> in, int in_pitch, Global<T> out, int out_pitch,
                                  std::int64_t sets, Global<const float> gamma,
                                  Global<const float> beta) {
  constexpr ImageNorm S = L::value;
  constexpr int kSize = static_cast<int>(S.size()), kThreads = row_threads(kSize);
  constexpr float kCount = static_cast<float>(S.count());
  INCEPT_SHARED(float, partial, 32);
  const Division item = divide(own_item(), kThreads);
  // Threads past the last set go along: the others' shuffles wait for them.
  const bool own = item.quotient < sets;
  const int size = own ? kSize : 0, first = item.remainder;
  std::int64_t pixel = item.quotient;
  int channel = 0;
  if constexpr (S.group_count > 0) {
    const Division group = divide(item.quotient, S.group_count);
    pixel = group.quotient * S.plane();
    channel = group.remainder * set_channels(S);
  }
  const Global<const T> from = in + pixel * in_pitch + channel;
  const Global<T> to = out + pixel * out_pitch + channel;
  const auto number = [=](int i) {
    const Division at = set_place<L>(i);
    return to_float(from[at.quotient * in_pitch + at.remainder]);
  };

  float pivot = 0, mean = 0, sum = 0;
  if constexpr (S.is_centred) {
    if (own) pivot = number(0);
    __syncthreads();  // One of them writes there in the end.
    for (int i = first; i < size; i += kThreads) sum += number(i) - pivot;
    mean = combined<kThreads, Sum>(sum, partial) / kCount;
  }
  sum = 0;
  for (int i = first; i < size; i += kThreads) {
    const float off = number(i) - pivot - mean;
    sum += off * off;
  }
  const float inverse = 1.0f / sqrtf(combined<kThreads, Sum>(sum, partial) / kCount + S.epsilon);
  for (int i = first; i < size; i += kThreads) {
    const Division at = set_place<L>(i);
    const int c = channel + at.remainder;
    const float factor = gamma != nullptr ? gamma[c] : 1.0f;
    const float offset = beta != nullptr ? beta[c] : 0.0f;
    const float unit = (number(i) - pivot - mean) * inverse;
    to[at.quotient * out_pitch + at.remainder] = from_float<T>(unit * factor + offset);
  }
}

// u * gamma + beta; both f32, no gamma is 1, no beta 0.
template <ImageNorm S, class P>
void image_norm(Walk& g, const Value& x, Weights gamma, Weights beta, const Value& y) {
  using T = Element<P>;
  if (!g.running()) return;
  constexpr int kSize = static_cast<int>(S.size());
  constexpr int kBlock = row_block(kSize), kRows = kBlock / row_threads(kSize);
  const std::int64_t sets = g.batch() * S.sets();
  g.recorder().launch("image_norm", image_norm_kernel<Layer<S>, T>,
                      dim3(static_cast<unsigned>((sets + kRows - 1) / kRows)), kBlock,
                      g.at<const T>(x), x.pitch, g.at<T>(y), y.pitch, sets,
                      g.weights<float>(gamma, S.channels), g.weights<float>(beta, S.channels));
}

}  // namespace incept::cuda
