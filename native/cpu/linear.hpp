// The fully connected layer for one image: a matrix-vector product, bound by reading the weights.
// A blocked image is read as it lies; pack_linear put the weights in that order.
#pragma once

#include "shape.hpp"
#include "simd.hpp"
#include "team.hpp"

namespace incept {

// Dot products of ROWS packed rows with the input, over the blocks [begin, end) of a row.
template <const Linear& S, int ROWS>
struct Dot {
  // Blocks of the input with all 16 lanes; in those after them only kTail lanes belong to it.
  static constexpr std::ptrdiff_t kFull = S.channels / kBlock * S.plane();
  static constexpr int kTail = S.channels % kBlock;

  Vec sum[ROWS][kParts] = {};

  INCEPT_INLINE void multiply(const float* x, const float* w) {
    INCEPT_UNROLL
    for (int part = 0; part < kParts; ++part) {
      const Vec input = load(x + part * kLanes);
      INCEPT_UNROLL
      for (int r = 0; r < ROWS; ++r)
        sum[r][part] += input * load(w + r * row_length(S) + part * kLanes);
    }
  }

  void run(const float* in, const float* weights, std::ptrdiff_t begin, std::ptrdiff_t end) {
    for (; begin < end && begin < kFull; ++begin)
      multiply(in + begin * kBlock, weights + begin * kBlock);
    for (; begin < end; ++begin) {
      float lanes[kBlock] = {};
      for (int i = 0; i < kTail; ++i) lanes[i] = in[begin * kBlock + i];
      multiply(lanes, weights + begin * kBlock);
    }
  }

  float total(int row) const {
    float result = 0;
    for (int part = 0; part < kParts; ++part)
      for (int i = 0; i < kLanes; ++i) result += sum[row][part][i];
    return result;
  }
};

// `partial` is [features][chunks].
template <const Linear& S, int ROWS>
void linear_rows(const float* in, const float* weights, int row, int chunk, float* partial) {
  constexpr int chunks = row_chunks(S);
  constexpr std::ptrdiff_t length = row_length(S) / kBlock;
  Dot<S, ROWS> dot;
  dot.run(in, weights + row * row_length(S), length * chunk / chunks,
          length * (chunk + 1) / chunks);
  for (int r = 0; r < ROWS; ++r) partial[std::ptrdiff_t(row + r) * chunks + chunk] = dot.total(r);
}

// `bias` is [features] or null, `scratch` is for the parts of long rows (scratch_bytes).
template <const Linear& S>
void linear(Member& t, const float* in, const float* weights, const float* bias, float* scratch,
            float* out) {
  constexpr int chunks = row_chunks(S), step = 4;
  constexpr int whole = S.feature_count / step, rest = S.feature_count % step;
  constexpr int tasks = whole + (rest > 0);
  float* const partial = chunks == 1 ? out : scratch;
  const auto finish = [&](std::ptrdiff_t f, float sum) {
    out[f] = activated(S.activation, sum + (bias ? bias[f] : 0.0f));
  };
  for (auto [item, end] = share(t, std::ptrdiff_t(tasks) * chunks); item < end; ++item) {
    const int row = static_cast<int>(item % tasks) * step, chunk = static_cast<int>(item / tasks);
    if (row < whole * step)
      linear_rows<S, step>(in, weights, row, chunk, partial);
    else if constexpr (rest > 0)
      linear_rows<S, rest>(in, weights, row, chunk, partial);
    if constexpr (chunks == 1)
      for (int f = row; f < std::min(row + step, S.feature_count); ++f) finish(f, out[f]);
  }
  if constexpr (chunks > 1) {
    t.barrier();
    for (auto [f, end] = share(t, S.feature_count); f < end; ++f) {
      float sum = 0;
      for (int chunk = 0; chunk < chunks; ++chunk) sum += scratch[f * chunks + chunk];
      finish(f, sum);
    }
  }
}

}  // namespace incept
