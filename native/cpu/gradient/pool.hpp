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

// The largest number of a window, of one register of channels, and the tap that it is: the first of
// equals. The window begins at `from`; `pitch` numbers lie between its rows.
template <class Numbers, class Isa>
struct Largest {
  using Simd = cpu::Simd<Numbers, Isa>;
  using Vec = typename Simd::Vec;
  using Bits = typename Simd::Bits;

  Vec number = Simd::all(-std::numeric_limits<Sum<Numbers>>::infinity());
  Bits tap{};

  // NaN is larger than all. Going backwards, the first of equals is the last that is seen.
  static INCEPT_INLINE Largest of(const Stored<Numbers>* from, std::ptrdiff_t pitch, int height,
                                  int width) {
    Largest found;
    Bits tap = Bits{} + (height * width - 1);
    for (int r = height - 1; r >= 0; --r)
      for (int c = width - 1; c >= 0; --c, tap -= 1) {
        const Vec value = Simd::load(from + r * pitch + c * kBlock);
        const Bits better = (value >= found.number) | (value != value);
        found.number = better ? value : found.number;
        found.tap = better ? tap : found.tap;
      }
    return found;
  }

  // The same where no number is NaN: adding them to `sum` shows whether one was.
  template <int HEIGHT, int WIDTH>
  static INCEPT_INLINE Largest of_numbers(const Stored<Numbers>* from, std::ptrdiff_t pitch,
                                          Vec& sum) {
    Largest found;
    const auto at = [&](int tap) INCEPT_ALWAYS_INLINE {
      return Simd::load(from + tap / WIDTH * pitch + tap % WIDTH * kBlock);
    };
    INCEPT_UNROLL
    for (int tap = 0; tap < HEIGHT * WIDTH; ++tap) {
      const Vec value = at(tap);
      found.number = value > found.number ? value : found.number;
      sum += value;
    }
    INCEPT_UNROLL
    for (int tap = HEIGHT * WIDTH - 1; tap >= 0; --tap)
      found.tap = at(tap) == found.number ? Bits{} + tap : found.tap;
    return found;
  }
};

// One row of the output and its taps.
template <const Pool& S, class Numbers, class Isa>
struct MaxPoolRow {
  using Largest = cpu::Largest<Numbers, Isa>;
  using Simd = cpu::Simd<Numbers, Isa>;
  static constexpr std::ptrdiff_t kPitch = std::ptrdiff_t(S.in_width) * kBlock;

  PoolRow<S, Isa> windows;
  const Stored<Numbers>* in;  // The first row under the windows.
  Stored<Numbers>* out;
  Tap<S>* taps;

  void run() const {
    if (!of_numbers()) of_any();
  }

 private:
  int height() const { return windows.bottom - windows.top; }

  void of_any() const {
    windows.run([&](int x, int left, int right, int) {
      store(x, [&](int part) { return of(left, right, part); });
    });
  }

  // Whether it was: windows that lie wholly on the image have a size that is known.
  bool of_numbers() const {
    if (S.kernel_height * S.kernel_width > 32 || height() < S.kernel_height) return false;
    typename Simd::Vec sum{};
    windows.run([&](int x, int left, int right, int) INCEPT_ALWAYS_INLINE {
      if (right - left < S.kernel_width) {
        store(x, [&](int part) { return of(left, right, part); });
      } else {
        store(x, [&](int part) INCEPT_ALWAYS_INLINE {
          return Largest::template of_numbers<S.kernel_height, S.kernel_width>(
              in + left * kBlock + part, kPitch, sum);
        });
      }
    });
    bool good = true;
    for (int i = 0; i < Isa::kLanes; ++i) good = good && sum[i] == sum[i];
    return good;
  }

  Largest of(int left, int right, int part) const {
    return Largest::of(in + left * kBlock + part, kPitch, height(), right - left);
  }

  template <class Find>
  INCEPT_INLINE void store(int x, Find&& find) const {
    std::int32_t taken[kBlock];
    INCEPT_UNROLL
    for (int part = 0; part < kBlock; part += Isa::kLanes) {
      const Largest largest = find(part);
      Simd::store(out + x * kBlock + part, largest.number);
      std::memcpy(taken + part, &largest.tap, sizeof largest.tap);
    }
    for (int i = 0; i < kBlock; ++i) taps[x * kBlock + i] = static_cast<Tap<S>>(taken[i]);
  }
};

template <const Pool& S, class Numbers = F32, class Isa = Native>
void max_pool_taps(Member& t, const Stored<Numbers>* in, Stored<Numbers>* out, Tap<S>* taps) {
  each_pool_row<S, Isa>(
      t, [&](const PoolRow<S, Isa>& row, std::ptrdiff_t plane, std::ptrdiff_t to) {
        const std::ptrdiff_t from = plane + std::ptrdiff_t(row.top) * S.in_width * kBlock;
        MaxPoolRow<S, Numbers, Isa>{row, in + from, out + to, taps + to}.run();
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

// What one row of windows gives a row of the input under it, of one block of channels. The windows
// are walked from left to right, with the sums of the columns under one in registers.
template <const Pool& S, class Numbers, class Isa>
struct MaxPoolColumns {
  using Simd = cpu::Simd<Numbers, Isa>;
  using Vec = typename Simd::Vec;
  using Bits = typename Simd::Bits;
  static constexpr int kWidth = S.kernel_width, kStep = S.stride_width;
  static constexpr int kChunk = 16;  // Windows whose taps are read at once.
  using Sums = Vec[kWidth][kParts<Isa>];
  using Taken = std::int32_t[kChunk * kBlock];

  int above;  // Rows of the windows before this one.
  const Tap<S>* taps;
  const Stored<Numbers>* dy;
  Stored<Numbers>* dx;  // Of the row, where the sums go on from what is there.

  void run() const {
    Sums sums;
    Taken taken;
    for (int k = 0; k < kWidth; ++k) load(k - S.pad_left, sums[k]);
    for (int x = 0; x < S.out_width; ++x) {
      if (x % kChunk == 0) read(x, taken);
      const int column = x * kStep - S.pad_left;
      add(x, column, taken, sums);
      INCEPT_UNROLL
      for (int k = 0; k < kWidth; ++k) {
        if (k < kStep) store(column + k, sums[k]);
        if (k + kStep < kWidth)
          std::copy(sums[k + kStep], sums[k + kStep] + kParts<Isa>, sums[k]);
        else
          load(column + kStep + k, sums[k]);
      }
    }
    for (int k = 0; k < kWidth; ++k) store(S.out_width * kStep - S.pad_left + k, sums[k]);
  }

 private:
  INCEPT_INLINE void read(int x, Taken& taken) const {
    const int count = std::min(kChunk, S.out_width - x) * kBlock;
    const Tap<S>* from = taps + std::ptrdiff_t(x) * kBlock;
    for (int i = 0; i < count; ++i) taken[i] = from[i];
  }

  // Where a window hangs over the image, a tap of another row may seem to be one beside the image:
  // what is given there goes nowhere.
  INCEPT_INLINE void add(int x, int start, const Taken& taken, Sums& sums) const {
    const int left = std::max(start, 0), width = std::min(start + kWidth, S.in_width) - left;
    const int first = above * width + start - left;
    INCEPT_UNROLL
    for (int part = 0; part < kParts<Isa>; ++part) {
      Bits own;
      std::memcpy(&own, taken + x % kChunk * kBlock + part * Isa::kLanes, sizeof own);
      own -= first;
      const Vec given = Simd::load(dy + std::ptrdiff_t(x) * kBlock + part * Isa::kLanes);
      INCEPT_UNROLL
      for (int k = 0; k < kWidth; ++k) sums[k][part] += own == k ? given : Vec{};
    }
  }

  static constexpr bool on_image(int column) { return column >= 0 && column < S.in_width; }

  INCEPT_INLINE void load(int column, Vec (&sum)[kParts<Isa>]) const {
    INCEPT_UNROLL
    for (int part = 0; part < kParts<Isa>; ++part)
      sum[part] = on_image(column) ? Simd::load(dx + column * kBlock + part * Isa::kLanes) : Vec{};
  }

  INCEPT_INLINE void store(int column, const Vec (&sum)[kParts<Isa>]) const {
    if (!on_image(column)) return;
    INCEPT_UNROLL
    for (int part = 0; part < kParts<Isa>; ++part)
      Simd::store(dx + column * kBlock + part * Isa::kLanes, sum[part]);
  }
};

// Each window gives its derivative to the pixel that it took; a pixel adds up what the windows over
// it give row by row.
template <const Pool& S, class Numbers = F32, class Isa = Native>
void max_pool_gradient(const Member& t, const Tap<S>* taps, const Stored<Numbers>* dy,
                       Stored<Numbers>* dx) {
  constexpr WindowAxis rows = window_rows<S>();
  each_input_row(t, S.in_channels, rows, [&](std::ptrdiff_t item, std::ptrdiff_t block, int row) {
    Stored<Numbers>* const to = dx + item * S.in_width * kBlock;
    std::fill(to, to + S.in_width * kBlock, Stored<Numbers>{});
    for (int y = rows.over(row).first; y < rows.over(row).end; ++y) {
      const std::ptrdiff_t from = (block * S.out_height + y) * S.out_width * kBlock;
      const int above = row - std::max(rows.start(y), 0);
      MaxPoolColumns<S, Numbers, Isa>{above, taps + from, dy + from, to}.run();
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
