// Average pooling to a given size, with PyTorch's bins: [floor(i * in / out), ceil((i + 1) * in /
// out)). Above all the global average, whose one bin is the whole image.
#pragma once

#include "packs.cuh"

namespace incept::cuda {

// Pixels of the largest bin, or a few more.
constexpr std::int64_t bin_pixels(const AdaptivePool& s) {
  return std::int64_t(s.in_height / s.out_height + 2) * (s.in_width / s.out_width + 2);
}

// How a block shares out a bin: `kLanes` packs side by side, 128 bytes of a pixel where accesses
// are wide, and the bin's pixels in turns. A block takes so few channels that a global average of
// one image still has a block for many multiprocessors.
template <class L, int V>
struct BinShare {
  static constexpr int kLanes = V > 1 ? 8 : 32;
  static constexpr int kChannels = kLanes * V;  // Of a block: 64 at most, as threads at least.
  static constexpr int threads() {
    int threads = 256;
    while (threads > 64 && threads / kLanes >= 2 * bin_pixels(L::value)) threads /= 2;
    return threads;
  }
  static constexpr int kThreads = threads(), kTurns = kThreads / kLanes, kWarps = kThreads / 32;
  static constexpr int kChunks = (L::value.channels + kChannels - 1) / kChannels;
};

// A block for each bin and each of its stretches of channels, those fastest.
template <class L, int V, class T>
__global__ void adaptive_avg_pool_kernel(Global<const T> in, int in_pitch, Global<T> out,
                                         int out_pitch) {
  constexpr AdaptivePool S = L::value;
  using Share = BinShare<L, V>;
  constexpr int kBins = S.out_height * S.out_width;
  INCEPT_SHARED(float, sums, Share::kWarps* Share::kChannels);

  const Division block = divide(blockIdx.x, Share::kChunks);
  const Division bin = divide(block.quotient, kBins);
  const std::int64_t y = bin.remainder / S.out_width, x = bin.remainder % S.out_width;
  const int top = static_cast<int>(y * S.in_height / S.out_height);
  const int bottom = static_cast<int>(((y + 1) * S.in_height + S.out_height - 1) / S.out_height);
  const int left = static_cast<int>(x * S.in_width / S.out_width);
  const int right = static_cast<int>(((x + 1) * S.in_width + S.out_width - 1) / S.out_width);
  const int width = right - left, pixels = (bottom - top) * width;
  const int thread = static_cast<int>(threadIdx.x), first = block.remainder * Share::kChannels;

  // Each thread's pixels.
  const Global<const T> image = in + bin.quotient * (S.in_height * S.in_width) * in_pitch;
  const int channel = first + thread % Share::kLanes * V;
  Floats<V> sum{};
  if (channel < S.channels) {
    for (int p = thread / Share::kLanes; p < pixels; p += Share::kTurns) {
      const int pixel = (top + p / width) * S.in_width + left + p % width;
      const Floats<V> value = to_floats(load<V>(image, pixel * in_pitch + channel));
      for (int i = 0; i < V; ++i) sum.at[i] += value.at[i];
    }
  }

  // Then those of the warp's other turns, then of the other warps, always in the same order.
  for (int lanes = Share::kLanes; lanes < 32; lanes *= 2)
    for (int i = 0; i < V; ++i) sum.at[i] += __shfl_xor_sync(~0u, sum.at[i], lanes);
  if (thread % 32 < Share::kLanes)
    for (int i = 0; i < V; ++i)
      sums[(thread / 32 * Share::kLanes + thread % 32) * V + i] = sum.at[i];
  __syncthreads();
  if (thread >= Share::kChannels || first + thread >= S.channels) return;
  float total = 0;
  for (int warp = 0; warp < Share::kWarps; ++warp) total += sums[warp * Share::kChannels + thread];
  const std::int64_t to = (bin.quotient * kBins + bin.remainder) * out_pitch + first + thread;
  const float mean = total / static_cast<float>(pixels);
  out[to] = from_float<T>(activated(S.activation, mean, S.alpha));
}

// x: [channels, in_height, in_width], y: [channels, out_height, out_width].
template <AdaptivePool S, class P>
void adaptive_avg_pool(Walk& g, const Value& x, const Value& y) {
  using T = Element<P>;
  if (!g.running()) return;
  const Global<const T> in = g.at<const T>(x);
  with_packs<pack_of<T>(S.channels)>(takes_packs(in, x.pitch), [&](auto v) {
    constexpr int V = decltype(v)::value;
    using Share = BinShare<Layer<S>, V>;
    const std::int64_t blocks = g.batch() * y.pixels() * Share::kChunks;
    g.recorder().launch("adaptive_avg_pool", adaptive_avg_pool_kernel<Layer<S>, V, T>,
                        dim3(static_cast<unsigned>(blocks)), Share::kThreads, in, x.pitch,
                        g.at<T>(y), y.pitch);
  });
}

}  // namespace incept::cuda
