// The fully connected layer for one image or several: `linear<S, Algorithm>(t, ...)`. There is one
// algorithm, of the same form as those of conv.hpp.
#pragma once

#include <algorithm>
#include <type_traits>

#include "batch.hpp"
#include "numbers.hpp"
#include "team.hpp"

namespace incept::cpu {

// One packed row: the input as it lies in memory, to whole blocks.
constexpr std::size_t row_length(const Linear& s) {
  return round_up(s.channels, kBlock) * static_cast<std::size_t>(s.plane());
}

// Few features are not enough work to share: then the row is cut too, and the parts are added.
constexpr int row_chunks(const Linear& s) {
  if (s.feature_count >= 256) return 1;
  const std::size_t chunks = (row_length(s) + 1023) / 1024;
  return chunks < 16 ? static_cast<int>(chunks) : 16;
}

// What a layer reads: an image in blocks, or a vector.
template <const Linear& S, class Numbers>
using LinearInput = std::conditional_t<S.blocked, Stored<Numbers>, Sum<Numbers>>;

// Dot products of ROWS packed rows with the inputs of IMAGES images, over the blocks [begin, end)
// of a row. What one comes to does not hang on how many there are.
template <const Linear& S, int ROWS, int IMAGES, class Numbers, class Isa>
struct Dot {
  using Simd = cpu::Simd<Numbers, Isa>;
  using Vec = cpu::Vec<Numbers, Isa>;
  using Stored = cpu::Stored<Numbers>;
  using Input = LinearInput<S, Numbers>;

  // Blocks of the input with all 16 lanes; in those after them only kTail lanes belong to it.
  static constexpr std::ptrdiff_t kFull = S.channels / kBlock * S.plane();
  static constexpr int kTail = S.channels % kBlock;

  Vec sum[IMAGES][ROWS][kParts<Isa>] = {};

  INCEPT_INLINE void multiply(const Input* x, std::ptrdiff_t pitch, const Stored* w) {
    INCEPT_UNROLL
    for (int part = 0; part < kParts<Isa>; ++part) {
      Vec weight[ROWS];
      INCEPT_UNROLL
      for (int r = 0; r < ROWS; ++r)
        weight[r] = Simd::load(w + r * row_length(S) + part * Isa::kLanes);
      INCEPT_UNROLL
      for (int i = 0; i < IMAGES; ++i) {
        const Vec input = Simd::load(x + i * pitch + part * Isa::kLanes);
        INCEPT_UNROLL
        for (int r = 0; r < ROWS; ++r) sum[i][r][part] += input * weight[r];
      }
    }
  }

  // The images begin with `in.first`.
  void run(Batch<const Input> in, const Stored* weights, std::ptrdiff_t begin, std::ptrdiff_t end) {
    for (; begin < end && begin < kFull; ++begin)
      multiply(in.first + begin * kBlock, in.pitch, weights + begin * kBlock);
    for (; begin < end; ++begin) {
      Input lanes[IMAGES][kBlock] = {};
      for (int i = 0; i < IMAGES; ++i)
        std::copy(in(i) + begin * kBlock, in(i) + begin * kBlock + kTail, lanes[i]);
      multiply(lanes[0], kBlock, weights + begin * kBlock);
    }
  }

  Sum<Numbers> total(int image, int row) const {
    Sum<Numbers> result = 0;
    for (int part = 0; part < kParts<Isa>; ++part)
      for (int i = 0; i < Isa::kLanes; ++i) result += sum[image][row][part][i];
    return result;
  }
};

// Sums of all images over one chunk of some rows. Several images share what is loaded of the
// weights: as many sums as the registers hold.
template <const Linear& S, class Numbers, class Isa>
struct LinearRows {
  using Stored = cpu::Stored<Numbers>;
  static constexpr int kImages = kParts<Isa> == 1 ? 4 : 2;
  static constexpr int kRows = kParts<Isa> == 1 ? 4 : 4 / kParts<Isa>;  // Of several images.

  Batch<const LinearInput<S, Numbers>> in;
  const Stored* weights;
  int chunk;

  // Calls `put(image, row, sum)` for rows from `row` on.
  template <int ROWS, int IMAGES, class Put>
  void some(int image, int row, Put&& put) const {
    constexpr int chunks = row_chunks(S);
    constexpr std::ptrdiff_t length = row_length(S) / kBlock;
    Dot<S, ROWS, IMAGES, Numbers, Isa> dot;
    dot.run({in(image), in.pitch, IMAGES}, weights + row * row_length(S), length * chunk / chunks,
            length * (chunk + 1) / chunks);
    for (int i = 0; i < IMAGES; ++i)
      for (int r = 0; r < ROWS; ++r) put(image + i, row + r, dot.total(i, r));
  }

  template <int ROWS, class Put>
  void run(int row, Put&& put) const {
    constexpr int rows = std::min(ROWS, kRows), rest = ROWS % rows;
    int image = 0;
    for (; image + kImages <= in.images; image += kImages) {
      for (int r = 0; r + rows <= ROWS; r += rows) some<rows, kImages>(image, row + r, put);
      if constexpr (rest > 0) some<rest, kImages>(image, row + ROWS - rest, put);
    }
    for (; image < in.images; ++image) some<ROWS, 1>(image, row, put);
  }
};

// A matrix-vector product for each image, bound by reading the weights: each stretch of them is
// read for all images before the next. A blocked image is read as it lies; pack puts the weights in
// that order.
struct MatrixVector {
  static constexpr std::size_t packed_weights(const Linear& s) {
    return s.feature_count * row_length(s);
  }

  // Of an image, for the parts of rows that are cut.
  template <class Numbers = F32>
  static constexpr std::size_t workspace(const Linear& s) {
    if (row_chunks(s) == 1) return 0;
    return workspace_bytes(std::size_t(s.feature_count) * row_chunks(s), sizeof(Sum<Numbers>));
  }

  // From [features][c * h * w] in C, H, W order: each row takes the order of the blocked input,
  // with zeros at the lanes past c.
  template <class Numbers = F32>
  static void pack(const Linear& s, const float* weight, Stored<Numbers>* packed) {
    std::fill(packed, packed + packed_weights(s), Stored<Numbers>{});
    const std::ptrdiff_t plane = s.plane();
    for (int f = 0; f < s.feature_count; ++f, packed += row_length(s))
      for (int c = 0; c < s.channels; ++c)
        for (std::ptrdiff_t p = 0; p < plane; ++p)
          packed[(c / kBlock * plane + p) * kBlock + c % kBlock] = Numbers::write(*weight++);
  }

  template <const Linear& S, class Numbers, class Isa>
  static void run(Member& t, Batch<const LinearInput<S, Numbers>> in,
                  const Stored<Numbers>* weights, const Sum<Numbers>* bias,
                  Batch<Sum<Numbers>> workspace, Batch<Sum<Numbers>> out) {
    constexpr int chunks = row_chunks(S), at_once = 4;
    constexpr int whole = S.feature_count / at_once, rest = S.feature_count % at_once;
    constexpr int shares = whole + (rest > 0);
    const auto finish = [&](int image, std::ptrdiff_t f, Sum<Numbers> sum) {
      out(image)[f] = activated(S, sum + (bias ? bias[f] : 0));
    };
    constexpr std::ptrdiff_t length = row_length(S) / kBlock;
    for (auto [item, end] :
         t.stretches(std::ptrdiff_t(shares) * chunks, enough(at_once * length / chunks)))
      for (; item < end; ++item) {
        const int row = static_cast<int>(item % shares) * at_once;
        const int chunk = static_cast<int>(item / shares);
        const LinearRows<S, Numbers, Isa> rows{in, weights, chunk};
        const auto put = [&](int image, std::ptrdiff_t f, Sum<Numbers> sum) {
          if constexpr (chunks == 1)
            finish(image, f, sum);
          else
            workspace(image)[f * chunks + chunk] = sum;
        };
        if (row < whole * at_once)
          rows.template run<at_once>(row, put);
        else if constexpr (rest > 0)
          rows.template run<rest>(row, put);
      }
    if constexpr (chunks > 1) {
      t.barrier();
      constexpr std::ptrdiff_t features = S.feature_count;
      for (auto [item, end] : t.stretches(features * in.images, enough(chunks)))
        for (; item < end; ++item) {
          const int image = static_cast<int>(item / features);
          const std::ptrdiff_t f = item % features;
          Sum<Numbers> sum = 0;
          for (int chunk = 0; chunk < chunks; ++chunk) sum += workspace(image)[f * chunks + chunk];
          finish(image, f, sum);
        }
    }
  }
};

// Weights as Algorithm packed them; `bias` is [features] or null.
template <const Linear& S, class Algorithm, class Numbers = F32, class Isa = Native>
void linear(Member& t, Batch<const LinearInput<S, Numbers>> in, const Stored<Numbers>* weights,
            const Sum<Numbers>* bias, Batch<Sum<Numbers>> workspace, Batch<Sum<Numbers>> out) {
  Algorithm::template run<S, Numbers, Isa>(t, in, weights, bias, workspace, out);
}

// Of one image.
template <const Linear& S, class Algorithm, class Numbers = F32, class Isa = Native>
void linear(Member& t, const LinearInput<S, Numbers>* in, const Stored<Numbers>* weights,
            const Sum<Numbers>* bias, Sum<Numbers>* workspace, Sum<Numbers>* out) {
  Algorithm::template run<S, Numbers, Isa>(t, {in, 0, 1}, weights, bias, {workspace, 0, 1},
                                           {out, 0, 1});
}

}  // namespace incept::cpu
