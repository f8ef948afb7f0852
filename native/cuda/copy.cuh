// Copies: a branch into its channels of a concatenation, a slice into a dense place, an image into
// a larger one of zeros, side by side or pixel by pixel.
#pragma once

#include "packs.cuh"

namespace incept::cuda {

template <int V, class T>
__global__ void copy_kernel(Global<const T> in, int in_pitch, Global<T> out, int out_pitch,
                            int channels, std::int64_t pixels) {
  Spot spot;
  if (!own_pack<V>(channels, pixels, spot)) return;
  store<V>(out, spot.pixel * out_pitch + spot.channel,
           load<V>(in, spot.pixel * in_pitch + spot.channel));
}

// `channels` numbers of each pixel; the pitches are elements from one pixel to the next.
template <class T>
void copy_pixels(Recorder& recorder, Global<const T> in, int in_pitch, Global<T> out, int out_pitch,
                 int channels, std::int64_t pixels) {
  const bool packs = takes_packs(in, in_pitch) && takes_packs(out, out_pitch);
  with_packs<kWidest<T>>(packs && channels % kWidest<T> == 0, [&](auto v) {
    constexpr int V = decltype(v)::value;
    const Grid grid = grid_for(pixels * (channels / V));
    recorder.launch("copy", copy_kernel<V, T>, grid.blocks, grid.threads, in, in_pitch, out,
                    out_pitch, channels, pixels);
  });
}

// x and y have the same shape, and any pitch.
template <class P>
void copy(Walk& g, const Value& x, const Value& y) {
  using T = Element<P>;
  if (!g.running()) return;
  copy_pixels<T>(g.recorder(), g.at<const T>(x), x.pitch, g.at<T>(y), y.pitch, x.channels,
                 g.batch() * x.pixels());
}

// A thread a pack of the larger image.
template <int V, class T>
__global__ void spread_kernel(Global<const T> in, int in_pitch, int in_height, int in_width,
                              int stride_height, int stride_width, int top, int left, Global<T> out,
                              int out_pitch, int out_height, int out_width, int channels,
                              int images) {
  Spot spot;
  const int plane = out_height * out_width;
  if (!own_pack<V>(channels, std::int64_t(images) * plane, spot)) return;
  const Division image = divide(spot.pixel, plane);
  const int down = image.remainder / out_width - top, across = image.remainder % out_width - left;
  const int row = down / stride_height, column = across / stride_width;
  const bool there = down >= 0 && across >= 0 && row * stride_height == down &&
                     column * stride_width == across && row < in_height && column < in_width;
  Pack<T, V> x;
  if (there) {
    const std::int64_t pixel = image.quotient * (in_height * in_width) + row * in_width + column;
    x = load<V>(in, pixel * in_pitch + spot.channel);
  } else {
    for (int i = 0; i < V; ++i) x.at[i] = from_float<T>(0);
  }
  store<V>(out, spot.pixel * out_pitch + spot.channel, x);
}

// y is x with its pixels a stride apart and zeros elsewhere, the first of them `top` rows below and
// `left` columns behind the corner; where those are negative, pixels before it are left out.
template <class P>
void spread(Walk& g, int stride_height, int stride_width, int top, int left, const Value& x,
            const Value& y) {
  using T = Element<P>;
  if (!g.running()) return;
  const Global<const T> in = g.at<const T>(x);
  const Global<T> out = g.at<T>(y);
  const bool packs = takes_packs(in, x.pitch) && takes_packs(out, y.pitch);
  with_packs<kWidest<T>>(packs && x.channels % kWidest<T> == 0, [&](auto v) {
    constexpr int V = decltype(v)::value;
    const Grid grid = grid_for(g.batch() * y.pixels() * (y.channels / V));
    g.recorder().launch("spread", spread_kernel<V, T>, grid.blocks, grid.threads, in, x.pitch,
                        x.height, x.width, stride_height, stride_width, top, left, out, y.pitch,
                        y.height, y.width, x.channels, static_cast<int>(g.batch()));
  });
}

// y is x with zeros around it: `top` rows above, `left` columns before, and as many below and
// behind as y has room for. Writes every element of y.
template <class P>
void pad(Walk& g, int top, int left, const Value& x, const Value& y) {
  spread<P>(g, 1, 1, top, left, x, y);
}

}  // namespace incept::cuda
