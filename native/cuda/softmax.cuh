// Softmax over channels, height or width, and its logarithm.
#pragma once

#include <limits>

#include "rows.cuh"

namespace incept::cuda {

// What a number less the greatest has of the sum, or the logarithm of it.
template <class L>
__device__ __forceinline__ float shared_out(float own, float sum) {
  if constexpr (L::value.logs) {
    return own - logf(sum);
  } else {
    return expf(own) / sum;
  }
}

// Each thread reads and writes the same channels, so y may be x. NaN: the greatest leaves it out,
// but the sum does not, and so it is in all results, as for a row of which the greatest is
// infinite.
template <class L, class T>
__global__ void softmax_kernel(Global<const T> in, int in_pitch, Global<T> out, int out_pitch,
                               std::int64_t pixels) {
  constexpr int kChannels = L::value.channels, kThreads = row_threads(kChannels);
  INCEPT_SHARED(float, partial, 32);
  const Division item = divide(own_item(), kThreads);
  const std::int64_t pixel = item.quotient;
  // Threads past the last row go along: the others' shuffles wait for them.
  const int channels = pixel < pixels ? kChannels : 0, first = item.remainder;
  const Global<const T> row = in + pixel * in_pitch;
  const Global<T> result = out + pixel * out_pitch;

  float greatest = -std::numeric_limits<float>::infinity();
  for (int c = first; c < channels; c += kThreads) greatest = fmaxf(greatest, to_float(row[c]));
  greatest = combined<kThreads, Greater>(greatest, partial);
  float sum = 0;
  for (int c = first; c < channels; c += kThreads) sum += expf(to_float(row[c]) - greatest);
  sum = combined<kThreads, Sum>(sum, partial);
  for (int c = first; c < channels; c += kThreads)
    result[c] = from_float<T>(shared_out<L>(to_float(row[c]) - greatest, sum));
}

// Over height or width: a thread a column or row of each channel, the threads beside it those of
// the next channels.
template <class L, class T>
__global__ void softmax_line_kernel(Global<const T> in, int in_pitch, Global<T> out, int out_pitch,
                                    std::int64_t lines) {
  constexpr Softmax S = L::value;
  constexpr int kCount = S.count();
  constexpr std::int64_t step = S.step();
  const Division item = divide(own_item(), S.channels);
  if (item.quotient >= lines) return;
  const std::int64_t first = S.start(item.quotient);
  const Global<const T> line = in + first * in_pitch + item.remainder;
  const Global<T> result = out + first * out_pitch + item.remainder;
  float greatest = to_float(line[0]), sum = 0;
  for (int k = 1; k < kCount; ++k) greatest = fmaxf(greatest, to_float(line[k * step * in_pitch]));
  for (int k = 0; k < kCount; ++k) sum += expf(to_float(line[k * step * in_pitch]) - greatest);
  for (int k = 0; k < kCount; ++k) {
    const float own = to_float(line[k * step * in_pitch]) - greatest;
    result[k * step * out_pitch] = from_float<T>(shared_out<L>(own, sum));
  }
}

// y[c] = exp(x[c] - m) / sum of exp(x[i] - m), m the greatest of x: nothing overflows.
template <Softmax S, class P>
void softmax(Walk& g, const Value& x, const Value& y) {
  using T = Element<P>;
  if (!g.running()) return;
  const std::int64_t pixels = g.batch() * x.pixels();
  if constexpr (S.axis == Softmax::Axis::kChannels) {
    constexpr int kBlock = row_block(S.channels), kRows = kBlock / row_threads(S.channels);
    g.recorder().launch("softmax", softmax_kernel<Layer<S>, T>,
                        dim3(static_cast<unsigned>((pixels + kRows - 1) / kRows)), kBlock,
                        g.at<const T>(x), x.pitch, g.at<T>(y), y.pitch, pixels);
  } else {
    const std::int64_t lines = pixels / S.count();
    const Grid grid = grid_for(lines * S.channels);
    g.recorder().launch("softmax", softmax_line_kernel<Layer<S>, T>, grid.blocks, grid.threads,
                        g.at<const T>(x), x.pitch, g.at<T>(y), y.pitch, lines);
  }
}

}  // namespace incept::cuda
