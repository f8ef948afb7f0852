// Pooling with a window, a thread for a pack of one output pixel. Windows overlap in the caches.
#pragma once

#include <limits>

#include "adaptive_pool.cuh"
#include "packs.cuh"

namespace incept::cuda {

// Padding is -inf: it never wins. A NaN in the window is the result.
struct MaxFold {
  static constexpr float kStart = -std::numeric_limits<float>::infinity();
  static __device__ __forceinline__ float add(float best, float x) { return greater(best, x); }
};

struct SumFold {
  static constexpr float kStart = 0;
  static __device__ __forceinline__ float add(float sum, float x) { return sum + x; }
};

// The pixels of the window with its upper left corner at (top, left) of an image, folded. `in`: the
// image, at the pack's first channel. An image has fewer than 2^31 elements.
template <class L, class Fold, int V, class T>
__device__ __forceinline__ Floats<V> fold_window(Global<const T> in, int pitch, int top, int left) {
  constexpr Pool S = L::value;
  constexpr bool kSmall = S.kernel_height * S.kernel_width <= 25;
  Floats<V> fold;
  for (int i = 0; i < V; ++i) fold.at[i] = Fold::kStart;
  const auto add = [&](int row, int column) {
    const Floats<V> x = to_floats(load<V>(in, (row * S.in_width + column) * pitch));
    for (int i = 0; i < V; ++i) fold.at[i] = Fold::add(fold.at[i], x.at[i]);
  };
  constexpr int kDown = S.dilation_height, kAcross = S.dilation_width;
  constexpr int kHeight = (S.kernel_height - 1) * kDown + 1;
  constexpr int kWidth = (S.kernel_width - 1) * kAcross + 1;
  const int bottom = top + kHeight, right = left + kWidth;
  if (kSmall && top >= 0 && left >= 0 && bottom <= S.in_height && right <= S.in_width) {
    // Nearly all windows: their loads are under way together.
    INCEPT_UNROLL
    for (int r = 0; r < S.kernel_height; ++r) {
      INCEPT_UNROLL
      for (int c = 0; c < S.kernel_width; ++c) add(top + r * kDown, left + c * kAcross);
    }
  } else {
    const int end = right < S.in_width ? right : S.in_width;
    const int first_row = top >= 0 ? top : top + (kDown - 1 - top) / kDown * kDown;
    const int first = left >= 0 ? left : left + (kAcross - 1 - left) / kAcross * kAcross;
    for (int r = first_row; r < bottom && r < S.in_height; r += kDown)
      for (int c = first; c < end; c += kAcross) add(r, c);
  }
  return fold;
}

// How many pixels an average counts: the window cut to the padded image (`counts_pad`) or to the
// image itself; what hangs over the padded image in ceil mode never counts (Caffe, PyTorch).
template <class L>
__device__ __forceinline__ int counted(int top, int left) {
  constexpr Pool S = L::value;
  constexpr int kBottom = S.in_height + (S.counts_pad ? S.pad_bottom : 0);
  constexpr int kRight = S.in_width + (S.counts_pad ? S.pad_right : 0);
  const int above = S.counts_pad || top > 0 ? top : 0;
  const int before = S.counts_pad || left > 0 ? left : 0;
  const int bottom = top + S.kernel_height < kBottom ? top + S.kernel_height : kBottom;
  const int right = left + S.kernel_width < kRight ? left + S.kernel_width : kRight;
  return bottom > above && right > before ? (bottom - above) * (right - before) : 0;
}

template <class L, class Fold, int V, class T>
__device__ __forceinline__ void pool_pixel(Global<const T> in, int in_pitch, Global<T> out,
                                           int out_pitch, int images) {
  constexpr Pool S = L::value;
  constexpr int kInPlane = S.in_height * S.in_width, kOutPlane = S.out_height * S.out_width;
  Spot spot;
  if (!own_pack<V>(S.in_channels, std::int64_t(images) * kOutPlane, spot)) return;
  const Division image = divide(spot.pixel, kOutPlane);
  const int top = image.remainder / S.out_width * S.stride_height - S.pad_top;
  const int left = image.remainder % S.out_width * S.stride_width - S.pad_left;
  Floats<V> fold = fold_window<L, Fold, V, T>(
      in + (image.quotient * kInPlane * in_pitch + spot.channel), in_pitch, top, left);
  if constexpr (std::is_same_v<Fold, SumFold>) {
    const int count = counted<L>(top, left);
    const float share = 1.0f / static_cast<float>(count > 0 ? count : 1);
    for (int i = 0; i < V; ++i) fold.at[i] *= share;
  }
  for (int i = 0; i < V; ++i) fold.at[i] = activated(S.activation, fold.at[i], S.alpha);
  store<V>(out, spot.pixel * out_pitch + spot.channel, from_floats<T>(fold));
}

template <class L, int V, class T>
__global__ void max_pool_kernel(Global<const T> in, int in_pitch, Global<T> out, int out_pitch,
                                int images) {
  pool_pixel<L, MaxFold, V, T>(in, in_pitch, out, out_pitch, images);
}

// One rounding more than a division by the count, in f32.
template <class L, int V, class T>
__global__ void avg_pool_kernel(Global<const T> in, int in_pitch, Global<T> out, int out_pitch,
                                int images) {
  pool_pixel<L, SumFold, V, T>(in, in_pitch, out, out_pitch, images);
}

// x: [in_channels, in_height, in_width], y: [in_channels, out_height, out_width]. A NaN in the
// window is the result.
template <Pool S, class P>
void max_pool(Walk& g, const Value& x, const Value& y) {
  using T = Element<P>;
  if (!g.running()) return;
  const Global<const T> in = g.at<const T>(x);
  const Global<T> out = g.at<T>(y);
  const bool packs = takes_packs(in, x.pitch) && takes_packs(out, y.pitch);
  with_packs<pack_of<T>(S.in_channels)>(packs, [&](auto v) {
    constexpr int V = decltype(v)::value;
    const Grid grid = grid_for(g.batch() * y.pixels() * (S.in_channels / V));
    g.recorder().launch("max_pool", max_pool_kernel<Layer<S>, V, T>, grid.blocks, grid.threads, in,
                        x.pitch, out, y.pitch, static_cast<int>(g.batch()));
  });
}

// Whether the one window is the image.
constexpr bool is_global(const Pool& s) {
  return !s.padded() && s.out_height == 1 && s.out_width == 1 && s.kernel_height == s.in_height &&
         s.kernel_width == s.in_width;
}

// The mean over each window; a window with nothing to count gives 0.
template <Pool S, class P>
void avg_pool(Walk& g, const Value& x, const Value& y) {
  using T = Element<P>;
  if (!g.running()) return;
  if constexpr (is_global(S)) {
    constexpr AdaptivePool whole =
        AdaptivePool{}.input(S.in_channels, S.in_height, S.in_width).with(S.activation, S.alpha);
    adaptive_avg_pool<whole, P>(g, x, y);
  } else {
    const Global<const T> in = g.at<const T>(x);
    const Global<T> out = g.at<T>(y);
    const bool packs = takes_packs(in, x.pitch) && takes_packs(out, y.pitch);
    with_packs<pack_of<T>(S.in_channels)>(packs, [&](auto v) {
      constexpr int V = decltype(v)::value;
      const Grid grid = grid_for(g.batch() * y.pixels() * (S.in_channels / V));
      g.recorder().launch("avg_pool", avg_pool_kernel<Layer<S>, V, T>, grid.blocks, grid.threads,
                          in, x.pitch, out, y.pitch, static_cast<int>(g.batch()));
    });
  }
}

}  // namespace incept::cuda
