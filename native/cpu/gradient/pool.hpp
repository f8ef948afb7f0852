// The derivatives of pools on blocked images, and the max pool that says which tap it took. A row
// of the input is one member's, which adds up what the windows over it give.
#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>

#include "../pool.hpp"

namespace incept::cpu {

// The place of a window's number among those that lie in the image, row by row.
template <const Pool& S>
using Tap = std::conditional_t<S.kernel_height * S.kernel_width <= 256, std::uint8_t, std::int32_t>;

// Of equals the first is taken, of NaNs too: going backwards, it is the last that is seen.
template <const Pool& S, class Numbers = F32, class Isa = Native>
void max_pool_taps(const Member& t, const Stored<Numbers>* in, Stored<Numbers>* out, Tap<S>* taps) {
  using Simd = cpu::Simd<Numbers, Isa>;
  using Vec = typename Simd::Vec;
  using Bits = typename Simd::Bits;
  each_pool_row<S, Isa>(
      t, [&](const PoolRow<S, Isa>& row, std::ptrdiff_t plane, std::ptrdiff_t to) {
        row.run([&](int x, int left, int right, int) {
          std::int32_t taken[kBlock];
          for (int part = 0; part < kBlock; part += Isa::kLanes) {
            Vec best = Simd::all(-std::numeric_limits<Sum<Numbers>>::infinity());
            Bits first{}, tap = Bits{} + ((row.bottom - row.top) * (right - left) - 1);
            for (int r = row.bottom - 1; r >= row.top; --r)
              for (int c = right - 1; c >= left; --c, tap -= 1) {
                const Vec value =
                    Simd::load(in + plane + (std::ptrdiff_t(r) * S.in_width + c) * kBlock + part);
                const Bits better = (value >= best) | (value != value);
                best = better ? value : best;
                first = better ? tap : first;
              }
            Simd::store(out + to + x * kBlock + part, best);
            std::memcpy(taken + part, &first, sizeof first);
          }
          for (int i = 0; i < kBlock; ++i)
            taps[to + x * kBlock + i] = static_cast<Tap<S>>(taken[i]);
        });
      });
}

// The outputs over one place of the input, along one axis.
struct Over {
  int first, end;
};

// An axis of a pool's windows.
struct WindowAxis {
  int in, out, kernel, stride, before, after;
  bool counts_pad;

  constexpr int start(int o) const { return o * stride - before; }
  constexpr Over over(int i) const {
    const int reach = i + before;
    return {reach < kernel ? 0 : (reach - kernel) / stride + 1, std::min(reach / stride + 1, out)};
  }
  // What an average counts; a window has at least that much.
  constexpr int size(int o) const {
    const int end = std::min(start(o) + kernel, in + after);
    return std::max(counts_pad ? end - start(o) : std::min(end, in) - std::max(start(o), 0), 1);
  }
};

template <const Pool& S>
constexpr WindowAxis window_rows() {
  return {S.in_height, S.out_height, S.kernel_height, S.stride_height,
          S.pad_top,   S.pad_bottom, S.counts_pad};
}
template <const Pool& S>
constexpr WindowAxis window_columns() {
  return {S.in_width, S.out_width, S.kernel_width, S.stride_width,
          S.pad_left, S.pad_right, S.counts_pad};
}

// PyTorch's bins: [floor(i * in / out), ceil((i + 1) * in / out)).
struct BinAxis {
  int in, out;

  constexpr Over over(int i) const { return {i * out / in, ceil_div((i + 1) * out, in)}; }
  constexpr int size(int o) const { return ceil_div((o + 1) * in, out) - o * in / out; }
};

// For each row of each block of the input: `row(item, block, y)`.
template <class Axis, class Row>
INCEPT_INLINE void each_input_row(const Member& t, int channels, const Axis& rows, Row&& row) {
  for (auto [item, end] = share(t, std::ptrdiff_t(blocks_of(channels)) * rows.in); item < end;
       ++item)
    row(item, item / rows.in, static_cast<int>(item % rows.in));
}

// Each window over a row of the input adds to that of its pixels which it took.
template <const Pool& S, class Numbers = F32, class Isa = Native>
void max_pool_gradient(const Member& t, const Tap<S>* taps, const Stored<Numbers>* dy,
                       Stored<Numbers>* dx) {
  using Simd = cpu::Simd<Numbers, Isa>;
  using Vec = typename Simd::Vec;
  using Bits = typename Simd::Bits;
  constexpr WindowAxis rows = window_rows<S>();
  each_input_row(t, S.in_channels, rows, [&](std::ptrdiff_t item, std::ptrdiff_t block, int row) {
    Stored<Numbers>* const to = dx + item * S.in_width * kBlock;
    std::fill(to, to + S.in_width * kBlock, Stored<Numbers>{});
    for (int y = rows.over(row).first; y < rows.over(row).end; ++y) {
      const PoolRow<S, Isa> windows(y);
      windows.run([&](int x, int left, int right, int) {
        const std::ptrdiff_t at = ((block * S.out_height + y) * S.out_width + x) * kBlock;
        std::int32_t taken[kBlock];
        for (int i = 0; i < kBlock; ++i) taken[i] = taps[at + i];
        for (int part = 0; part < kBlock; part += Isa::kLanes) {
          Bits own, tap = Bits{} + (row - windows.top) * (right - left);
          std::memcpy(&own, taken + part, sizeof own);
          const Vec given = Simd::load(dy + at + part);
          for (int c = left; c < right; ++c, tap += 1) {
            Stored<Numbers>* const pixel = to + c * kBlock + part;
            Simd::store(pixel, Simd::load(pixel) + (own == tap ? given : Vec{}));
          }
        }
      });
    }
  });
}

// Every output gives each place of the input that it is over an equal share.
template <int Columns, class Numbers, class Isa, class Axis>
INCEPT_INLINE void spread_mean(const Member& t, int channels, const Axis& rows, const Axis& columns,
                               const Stored<Numbers>* dy, Stored<Numbers>* dx) {
  using Simd = cpu::Simd<Numbers, Isa>;
  using Vec = typename Simd::Vec;
  using Sum = cpu::Sum<Numbers>;
  Sum shares[Columns];
  for (int x = 0; x < Columns; ++x) shares[x] = 1 / static_cast<Sum>(columns.size(x));
  each_input_row(t, channels, rows, [&](std::ptrdiff_t item, std::ptrdiff_t block, int row) {
    const Over above = rows.over(row);
    for (int column = 0; column < columns.in; ++column) {
      const Over beside = columns.over(column);
      Vec sums[kParts<Isa>] = {};
      for (int y = above.first; y < above.end; ++y) {
        const Sum share = 1 / static_cast<Sum>(rows.size(y));
        for (int x = beside.first; x < beside.end; ++x) {
          const Stored<Numbers>* from = dy + ((block * rows.out + y) * Columns + x) * kBlock;
          INCEPT_UNROLL
          for (int part = 0; part < kParts<Isa>; ++part)
            sums[part] += Simd::load(from + part * Isa::kLanes) * (share * shares[x]);
        }
      }
      Stored<Numbers>* const to = dx + (item * columns.in + column) * kBlock;
      INCEPT_UNROLL
      for (int part = 0; part < kParts<Isa>; ++part)
        Simd::store(to + part * Isa::kLanes, sums[part]);
    }
  });
}

template <const Pool& S, class Numbers = F32, class Isa = Native>
void avg_pool_gradient(const Member& t, const Stored<Numbers>* dy, Stored<Numbers>* dx) {
  constexpr WindowAxis rows = window_rows<S>(), columns = window_columns<S>();
  spread_mean<S.out_width, Numbers, Isa>(t, S.in_channels, rows, columns, dy, dx);
}

template <const AdaptivePool& S, class Numbers = F32, class Isa = Native>
void adaptive_avg_pool_gradient(const Member& t, const Stored<Numbers>* dy, Stored<Numbers>* dx) {
  constexpr BinAxis rows{S.in_height, S.out_height}, columns{S.in_width, S.out_width};
  spread_mean<S.out_width, Numbers, Isa>(t, S.channels, rows, columns, dy, dx);
}

}  // namespace incept::cpu
