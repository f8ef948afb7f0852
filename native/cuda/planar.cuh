// Between the caller's planar f32 images and channels-last values.
#pragma once

#include "packs.cuh"

namespace incept::cuda {

constexpr int kTile = 32, kTileRows = 8;

// A batch of matrices, and the same turned: element (r, c) of an image is at r * in_pitch + c, and
// goes to c * out_pitch + r. Planar to channels-last has a row a channel and a column a pixel, the
// way back the opposite. From one image to the next it is rows * in_pitch elements, and out_image.
// A block a tile, by way of shared memory, so that both sides see whole stretches of 32 elements.
template <class From, class To>
__global__ void turn_tile_kernel(Global<const From> in, int in_pitch, Global<To> out, int out_pitch,
                                 int out_image, int rows, int columns) {
  INCEPT_SHARED(float, tile, kTile*(kTile + 1));  // A column more: rows start in other banks.
  const Division across = divide(blockIdx.x, (columns + kTile - 1) / kTile);
  const Division down = divide(across.quotient, (rows + kTile - 1) / kTile);
  const int first_row = down.remainder * kTile, first_column = across.remainder * kTile;
  const Global<const From> image = in + down.quotient * rows * in_pitch;
  const Global<To> turned = out + down.quotient * out_image;
  const int lane = static_cast<int>(threadIdx.x) % kTile;
  const int group = static_cast<int>(threadIdx.x) / kTile;

  for (int i = group; i < kTile; i += kTileRows) {
    const int row = first_row + i, column = first_column + lane;
    if (row < rows && column < columns)
      tile[i * (kTile + 1) + lane] = to_float(image[row * in_pitch + column]);
  }
  __syncthreads();
  for (int i = group; i < kTile; i += kTileRows) {
    const int row = first_row + lane, column = first_column + i;
    if (row < rows && column < columns)
      turned[column * out_pitch + row] = from_float<To>(tile[lane * (kTile + 1) + i]);
  }
}

// The same for a few rows or columns, a thread an element in the order of `in`.
template <class From, class To>
__global__ void turn_kernel(Global<const From> in, int in_pitch, Global<To> out, int out_pitch,
                            int out_image, int rows, int columns, int images) {
  const std::int64_t item = own_item();
  if (item >= std::int64_t(images) * rows * columns) return;
  const Division line = divide(item, columns);
  const Division image = divide(line.quotient, rows);
  const int row = image.remainder, column = line.remainder;
  const std::int64_t to = image.quotient * out_image + column * out_pitch + row;
  out[to] = from_float<To>(to_float(in[line.quotient * in_pitch + column]));
}

template <class From, class To>
void turn(Recorder& recorder, const char* name, Global<const From> in, int in_pitch, Global<To> out,
          int out_pitch, std::int64_t out_image, int rows, int columns, std::int64_t images) {
  if (rows < 8 || columns < 8) {
    const Grid grid = grid_for(images * rows * columns);
    recorder.launch(name, turn_kernel<From, To>, grid.blocks, grid.threads, in, in_pitch, out,
                    out_pitch, static_cast<int>(out_image), rows, columns,
                    static_cast<int>(images));
  } else {
    const std::int64_t tiles =
        images * ((rows + kTile - 1) / kTile) * ((columns + kTile - 1) / kTile);
    recorder.launch(name, turn_tile_kernel<From, To>, dim3(static_cast<unsigned>(tiles)),
                    kTile * kTileRows, in, in_pitch, out, out_pitch, static_cast<int>(out_image),
                    rows, columns);
  }
}

// All of a batch of planar f32.
template <class T>
Global<T> planar_view(Recorder& recorder, Memory& memory, std::int64_t floats) {
  const std::int64_t bytes = floats * std::int64_t(sizeof(float));
  return recorder.view<T>(memory, 0, 1, bytes, bytes);
}

// The caller's input, [C][H][W] f32 an image, to y.
template <class P>
void load_input(Walk& g, int input, const Value& y) {
  if (!g.running()) return;
  Memory& staged = *g.buffers().inputs[input];
  const std::int64_t floats = g.batch() * y.elements();
  g.recorder().copy_in(staged, *g.buffers().pinned_inputs[input], static_cast<std::size_t>(floats));
  const int pixels = static_cast<int>(y.pixels());
  turn<float, Element<P>>(
      g.recorder(), "load_input", planar_view<const float>(g.recorder(), staged, floats), pixels,
      g.at<Element<P>>(y), y.pitch, pixels * y.pitch, y.channels, pixels, g.batch());
}

// x to the caller's output, [C][H][W] f32 an image.
template <class P>
void store_output(Walk& g, const Value& x, int output) {
  if (!g.running()) return;
  Memory& staged = *g.buffers().outputs[output];
  const std::int64_t floats = g.batch() * x.elements();
  const int pixels = static_cast<int>(x.pixels());
  turn<Element<P>, float>(g.recorder(), "store_output", g.at<const Element<P>>(x), x.pitch,
                          planar_view<float>(g.recorder(), staged, floats), pixels, x.elements(),
                          pixels, x.channels, g.batch());
  g.recorder().copy_out(*g.buffers().pinned_outputs[output], staged,
                        static_cast<std::size_t>(floats));
}

// An image to a vector in the order C, H, W. The vector may be a stretch of a longer one.
template <class P>
void flatten(Walk& g, const Value& x, const Value& y) {
  using T = Element<P>;
  if (!g.running()) return;
  const int pixels = static_cast<int>(x.pixels());
  turn<T, T>(g.recorder(), "flatten", g.at<const T>(x), x.pitch, g.at<T>(y), pixels, y.pitch,
             pixels, x.channels, g.batch());
}

}  // namespace incept::cuda
