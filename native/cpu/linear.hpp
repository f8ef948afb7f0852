// The fully connected layer for one image or several: `linear<S, Algorithm>(t, ...)`. There is one
// algorithm, of the same form as those of conv.hpp.
#pragma once

#include <algorithm>

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

// Dot products of ROWS packed rows with the input, over the blocks [begin, end) of a row.
template <const Linear& S, int ROWS, class Numbers, class Isa>
struct Dot {
  using Simd = cpu::Simd<Numbers, Isa>;
  using Vec = cpu::Vec<Numbers, Isa>;
  using Stored = cpu::Stored<Numbers>;

  // Blocks of the input with all 16 lanes; in those after them only kTail lanes belong to it.
  static constexpr std::ptrdiff_t kFull = S.channels / kBlock * S.plane();
  static constexpr int kTail = S.channels % kBlock;

  Vec sum[ROWS][kParts<Isa>] = {};

  INCEPT_INLINE void multiply(const Stored* x, const Stored* w) {
    INCEPT_UNROLL
    for (int part = 0; part < kParts<Isa>; ++part) {
      const Vec input = Simd::load(x + part * Isa::kLanes);
      INCEPT_UNROLL
      for (int r = 0; r < ROWS; ++r)
        sum[r][part] += input * Simd::load(w + r * row_length(S) + part * Isa::kLanes);
    }
  }

  void run(const Stored* in, const Stored* weights, std::ptrdiff_t begin, std::ptrdiff_t end) {
    for (; begin < end && begin < kFull; ++begin)
      multiply(in + begin * kBlock, weights + begin * kBlock);
    for (; begin < end; ++begin) {
      Stored lanes[kBlock] = {};
      for (int i = 0; i < kTail; ++i) lanes[i] = in[begin * kBlock + i];
      multiply(lanes, weights + begin * kBlock);
    }
  }

  Sum<Numbers> total(int row) const {
    Sum<Numbers> result = 0;
    for (int part = 0; part < kParts<Isa>; ++part)
      for (int i = 0; i < Isa::kLanes; ++i) result += sum[row][part][i];
    return result;
  }
};

// ROWS sums over one chunk of their rows; `sums` is [rows][chunks], from this chunk on.
template <const Linear& S, int ROWS, class Numbers, class Isa>
void linear_rows(const Stored<Numbers>* in, const Stored<Numbers>* weights, int row, int chunk,
                 Sum<Numbers>* sums) {
  constexpr int chunks = row_chunks(S);
  constexpr std::ptrdiff_t length = row_length(S) / kBlock;
  Dot<S, ROWS, Numbers, Isa> dot;
  dot.run(in, weights + row * row_length(S), length * chunk / chunks,
          length * (chunk + 1) / chunks);
  for (int r = 0; r < ROWS; ++r) sums[r * chunks] = dot.total(r);
}

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
  static void run(Member& t, Batch<const Stored<Numbers>> in, const Stored<Numbers>* weights,
                  const Sum<Numbers>* bias, Batch<Sum<Numbers>> workspace,
                  Batch<Stored<Numbers>> out) {
    constexpr int chunks = row_chunks(S), at_once = 4;
    constexpr int whole = S.feature_count / at_once, rest = S.feature_count % at_once;
    constexpr int shares = whole + (rest > 0);
    const auto finish = [&](int image, std::ptrdiff_t f, Sum<Numbers> sum) {
      out(image)[f] = Numbers::write(activated(S, sum + (bias ? bias[f] : 0)));
    };
    const auto rows = [&](int image, int row, int chunk) {
      Sum<Numbers> whole_rows[at_once];
      Sum<Numbers>* const sums =
          chunks == 1 ? whole_rows : workspace(image) + std::ptrdiff_t(row) * chunks + chunk;
      if (row < whole * at_once)
        linear_rows<S, at_once, Numbers, Isa>(in(image), weights, row, chunk, sums);
      else if constexpr (rest > 0)
        linear_rows<S, rest, Numbers, Isa>(in(image), weights, row, chunk, sums);
      if constexpr (chunks == 1)
        for (int f = row; f < std::min(row + at_once, S.feature_count); ++f)
          finish(image, f, sums[f - row]);
    };
    constexpr std::ptrdiff_t length = row_length(S) / kBlock;
    for (auto [item, end] :
         t.stretches(std::ptrdiff_t(shares) * chunks, enough(at_once * length / chunks)))
      for (; item < end; ++item)
        for (int image = 0; image < in.images; ++image)
          rows(image, static_cast<int>(item % shares) * at_once, static_cast<int>(item / shares));
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
void linear(Member& t, Batch<const Stored<Numbers>> in, const Stored<Numbers>* weights,
            const Sum<Numbers>* bias, Batch<Sum<Numbers>> workspace, Batch<Stored<Numbers>> out) {
  Algorithm::template run<S, Numbers, Isa>(t, in, weights, bias, workspace, out);
}

// Of one image.
template <const Linear& S, class Algorithm, class Numbers = F32, class Isa = Native>
void linear(Member& t, const Stored<Numbers>* in, const Stored<Numbers>* weights,
            const Sum<Numbers>* bias, Sum<Numbers>* workspace, Stored<Numbers>* out) {
  Algorithm::template run<S, Numbers, Isa>(t, {in, 0, 1}, weights, bias, {workspace, 0, 1},
                                           {out, 0, 1});
}

}  // namespace incept::cpu
