// Convolutions by AMX, whose registers are tiles: one instruction multiplies 16 pixels by 16 output
// channels, up to 32 products deep (Intel SDM volume 1, chapter 18). Numbers of 16 bits are read
// where they lie, in the image or its bordered copy; sums are f32.
#pragma once

#include <algorithm>
#include <cstdint>
#include <type_traits>

#include "../conv.hpp"
#include "../epilogue.hpp"
#include "border.hpp"
#include "segments.hpp"

#ifdef __AMX_BF16__
#include <immintrin.h>
#endif

namespace incept::cpu {

// How the output falls into tiles of pixels that lie evenly apart in the input. Without strides
// that is all of the plane, with the columns of the border between two rows, whose sums nobody
// asks for; else it is a row. Tiles have the same number of pixels: the last one begins so early
// that it ends with its line.
struct MatrixCut {
  int lines, length, pitch;  // Pixels of a line, and from one row to the next.
  int tiles, pixels;         // Of a line, and of a tile.

  constexpr int begin(int tile) const { return std::min(tile * pixels, length - pixels); }
};

constexpr MatrixCut matrix_cut(const Conv& s) {
  const bool whole = s.stride_height == 1 && s.stride_width == 1;
  const int pitch = whole ? s.padded_width() : s.out_width;
  const int length = whole ? (s.out_height - 1) * pitch + s.out_width : s.out_width;
  const int tiles = ceil_div(length, 16);
  return {whole ? 1 : s.out_height, length, pitch, tiles, ceil_div(length, tiles)};
}

// Tiles of 2 x 2: registers 0 to 3 are sums, 4 and 5 pixels, 6 and 7 weights.
struct MatrixTiles : PaddedBias {
  static constexpr int kOnce = 2;  // Tiles of pixels, and blocks of outputs, at once.

  template <class Numbers>
  using Packed = Stored<Numbers>;

  static constexpr bool fits(const Conv& s) { return s.group_count == 1; }

  // Lanes of one input block as the tiles read it: pairs of channels.
  static constexpr int lanes(const Conv& s) {
    int count = kBlock;
    if (s.planar_input)
      while (count / 2 >= std::max(s.in_channels, 2)) count /= 2;
    return count;
  }

  // Taps of a row that lie side by side and are multiplied at once.
  static constexpr int taps(const Conv& s) {
    int count = s.dilation_width == 1 ? s.kernel_width : 1;
    while (s.kernel_width % count != 0 || count * lanes(s) > 32) --count;
    return count;
  }
  static constexpr int depth(const Conv& s) { return taps(s) * lanes(s); }

  static constexpr int input_blocks(const Conv& s) { return ceil_div(s.in_channels, lanes(s)); }
  static constexpr int steps(const Conv& s) {
    return input_blocks(s) * s.kernel_height * (s.kernel_width / taps(s));
  }
  static constexpr std::size_t packed_weights(const Conv& s) {
    return std::size_t(steps(s)) * depth(s) * kBlock * blocks(s);
  }
  static constexpr int tiles(const Conv& s) { return matrix_cut(s).lines * matrix_cut(s).tiles; }

  // Lanes past the last channel are multiplied too: there has to be a copy where they are zeros.
  static constexpr bool clears(const Conv& s) { return s.in_channels % lanes(s) != 0; }

  template <class Numbers = Bf16>
  static constexpr std::size_t workspace(const Conv& s) {
    return copy_bytes<Stored<Numbers>, Numbers>(s, lanes(s), clears(s));
  }

  // [output blocks / 2][input blocks][kernel height][kernel width / taps][2 blocks][depth / 2][16
  // outputs][2 inputs].
  template <class Numbers = Bf16>
  static void pack(const Conv& s, const float* weight, Stored<Numbers>* packed) {
    const std::vector<int> channels = lane_channels(s);
    const int rows = s.kernel_height * s.kernel_width;
    for (int first = 0; first < blocks(s); first += kOnce)
      for (int step = 0; step < steps(s); ++step)
        for (int b = first; b < std::min(first + kOnce, blocks(s)); ++b)
          for (int i = 0; i < depth(s) * kBlock; ++i) {
            const int pair = i / 2 / kBlock, out = channels[b * kBlock + i / 2 % kBlock];
            const int k = 2 * pair + i % 2, chunk = s.kernel_width / taps(s);
            const int in = step / (s.kernel_height * chunk) * lanes(s) + k % lanes(s);
            const int tap = step % (s.kernel_height * chunk) * taps(s) + k / lanes(s);
            const bool none = out < 0 || in >= s.in_channels;
            *packed++ = Numbers::write(
                none ? 0 : weight[(std::ptrdiff_t(out) * s.in_channels + in) * rows + tap]);
          }
  }

#ifdef __AMX_BF16__
  template <const Conv& S, class Numbers, class Isa>
  static void run(Member& t, const ConvInput<S, Numbers>* image, const Stored<Numbers>* weights,
                  const Sum<Numbers>* bias, Sum<Numbers>* workspace, Stored<Numbers>* const* outs,
                  Added<S, Numbers> added) {
    static_assert(std::is_same_v<Numbers, Bf16>, "tiles multiply numbers of 16 bits");
    constexpr MatrixCut cut = matrix_cut(S);
    constexpr int groups = ceil_div(blocks(S), kOnce), pairs = ceil_div(cut.tiles, kOnce);
    const Bfloat* in =
        with_border<S, lanes(S), Bfloat, Numbers, Isa, clears(S)>(t, image, workspace);
    Sum<Numbers>* sums = reinterpret_cast<Sum<Numbers>*>(t.scratch());
    // A product of tiles takes as long as 20 multiplies of 16 lanes.
    for (auto [item, end] :
         t.stretches(std::ptrdiff_t(groups) * cut.lines * pairs, enough(80 * steps(S)))) {
      _tile_loadconfig(&kConfig<S>);
      for (; item < end; ++item) {
        const int pair = int(item % pairs), line = int(item / pairs % cut.lines);
        const Place at{int(item / pairs / cut.lines) * kOnce, line, pair * kOnce};
        Work<S, Isa>{in, weights, bias, outs, sums, added}.compute(at);
      }
      _tile_release();
    }
  }

 private:
  struct alignas(64) Config {
    std::uint8_t palette = 1, start_row = 0, reserved[14] = {};
    std::uint16_t bytes[16] = {};  // Of a row of each tile.
    std::uint8_t rows[16] = {};
  };

  static constexpr Config config(const Conv& s) {
    Config c;
    for (int i = 0; i < 4; ++i) c.rows[i] = std::uint8_t(matrix_cut(s).pixels), c.bytes[i] = 64;
    for (int i = 4; i < 6; ++i)
      c.rows[i] = std::uint8_t(matrix_cut(s).pixels), c.bytes[i] = std::uint16_t(2 * depth(s));
    for (int i = 6; i < 8; ++i) c.rows[i] = std::uint8_t(depth(s) / 2), c.bytes[i] = 64;
    return c;
  }
  template <const Conv& S>
  static constexpr Config kConfig = config(S);

  // The first output block, the line, and the first tile of it.
  struct Place {
    int block, line, tile;
  };

  template <const Conv& S, class Isa>
  struct Work {
    static constexpr MatrixCut kCut = matrix_cut(S);
    static constexpr std::ptrdiff_t kPixelBytes = 2 * S.stride_width * pixel_pitch(lanes(S));

    const Bfloat* in;
    const Bfloat* weights;
    const float* bias;
    Bfloat* const* outs;
    float* sums;  // [tiles][blocks][16 pixels][16]
    Added<S, Bf16> added;

    void compute(Place at) const {
      if (at.block + 1 < blocks(S)) return compute<2>(at);
      if constexpr (blocks(S) % kOnce != 0) compute<1>(at);
    }

    template <int BLOCKS>
    void compute(Place at) const {
      if (at.tile + 1 < kCut.tiles) return compute<BLOCKS, 2>(at);
      if constexpr (kCut.tiles % kOnce != 0) compute<BLOCKS, 1>(at);
    }

    template <int BLOCKS, int TILES>
    void compute(Place at) const {
      const Bfloat* line = in + std::ptrdiff_t(at.line) * S.stride_height * row_pitch(S, lanes(S));
      const auto pixel = [&](int tile) {
        return line + std::ptrdiff_t(kCut.begin(tile)) * S.stride_width * pixel_pitch(lanes(S));
      };
      const Bfloat* own = weights + std::ptrdiff_t(at.block) * steps(S) * depth(S) * kBlock;
      multiply<BLOCKS, TILES>(pixel(at.tile), pixel(at.tile + TILES - 1), own);
      for (int i = 0; i < TILES; ++i)
        for (int b = 0; b < BLOCKS; ++b)
          finish(at.line, at.tile + i, at.block + b, sums + (i * kOnce + b) * 16 * kBlock);
    }

    template <int BLOCKS, int TILES>
    void multiply(const Bfloat* first, const Bfloat* second, const Bfloat* w) const {
      _tile_zero(0);
      _tile_zero(1);
      _tile_zero(2);
      _tile_zero(3);
      asm volatile("" ::: "memory");  // What the copy wrote is written.
      for (int block = 0; block < input_blocks(S); ++block) {
        for (int ky = 0; ky < S.kernel_height; ++ky) {
          for (int kx = 0; kx < S.kernel_width; kx += taps(S)) {
            const std::ptrdiff_t at = block * block_pitch(S, lanes(S)) +
                                      ky * S.dilation_height * row_pitch(S, lanes(S)) +
                                      kx * S.dilation_width * pixel_pitch(lanes(S));
            step<BLOCKS, TILES>(first + at, second + at, w);
            w += BLOCKS * depth(S) * kBlock;
          }
        }
      }
      _tile_stored(0, sums, 64);
      if constexpr (BLOCKS > 1) _tile_stored(1, sums + 16 * kBlock, 64);
      if constexpr (TILES > 1) _tile_stored(2, sums + 32 * kBlock, 64);
      if constexpr (BLOCKS > 1 && TILES > 1) _tile_stored(3, sums + 48 * kBlock, 64);
    }

    template <int BLOCKS, int TILES>
    static INCEPT_INLINE void step(const Bfloat* first, const Bfloat* second, const Bfloat* w) {
      _tile_loadd(4, first, kPixelBytes);
      _tile_loadd(6, w, 64);
      _tile_dpbf16ps(0, 4, 6);
      if constexpr (BLOCKS > 1) {
        _tile_loadd(7, w + depth(S) * kBlock, 64);
        _tile_dpbf16ps(1, 4, 7);
      }
      if constexpr (TILES > 1) {
        _tile_loadd(5, second, kPixelBytes);
        _tile_dpbf16ps(2, 5, 6);
        if constexpr (BLOCKS > 1) _tile_dpbf16ps(3, 5, 7);
      }
    }

    // The sums of a tile that are pixels of its own, to one output block.
    void finish(int line, int tile, int block, const float* sum) const {
      using Epilogue = cpu::Epilogue<S, Bf16, Isa>;
      const Output<S, Bf16> plane = block_plane<S, Bf16, Isa>(outs, block);
      const auto start = Epilogue::start(bias + block * kBlock);
      const int first = tile * kCut.pixels, last = std::min(first + kCut.pixels, kCut.length);
      sum += (first - kCut.begin(tile)) * kBlock;
      int y = line + first / kCut.pitch, x = first % kCut.pitch;
      for (int p = first; p < last; ++p, sum += kBlock) {
        if (x < S.out_width)
          Epilogue::finish(start + Simd<Bf16, Isa>::at(sum),
                           plane + (std::ptrdiff_t(y) * S.out_width + x) * kBlock, added);
        if (++x == kCut.pitch) x = 0, ++y;
      }
    }
  };
#endif
};

}  // namespace incept::cpu
