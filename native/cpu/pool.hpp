// Pooling on blocked images: all channels of a block at once, windows with a compile-time size.
#pragma once

#include <algorithm>
#include <limits>

#include "activated.hpp"
#include "adaptive_pool.hpp"  // Found where its reference is.
#include "apart.hpp"
#include "numbers.hpp"
#include "team.hpp"

namespace incept::cpu {

// How a window becomes a number. Padding is not part of any window.
template <class Numbers, class Isa>
struct MaxFold {
  using Simd = cpu::Simd<Numbers, Isa>;
  using Vec = typename Simd::Vec;
  using Bits = typename Simd::Bits;

  static INCEPT_INLINE Vec start() {
    return Simd::all(-std::numeric_limits<Sum<Numbers>>::infinity());
  }
  // A NaN on either side is the result. Each of the two selects is one max instruction, which takes
  // its second operand if there is a NaN; so the NaN is in one of them, and no bit of it gets lost.
  static INCEPT_INLINE Vec add(Vec best, Vec x) {
    const Vec either = x > best ? x : best, other = best > x ? best : x;
    return reinterpret_cast<Vec>(reinterpret_cast<Bits>(either) | reinterpret_cast<Bits>(other));
  }
  static INCEPT_INLINE Vec finish(Vec best, int) { return best; }
};

template <class Numbers, class Isa>
struct MeanFold {
  using Simd = cpu::Simd<Numbers, Isa>;
  using Vec = typename Simd::Vec;

  static INCEPT_INLINE Vec start() { return Vec{}; }
  static INCEPT_INLINE Vec add(Vec sum, Vec x) { return sum + x; }
  static INCEPT_INLINE Vec finish(Vec sum, int count) {
    return sum * Simd::all(1 / static_cast<Sum<Numbers>>(count));
  }
};

// The first tap of a window that is not before the image.
constexpr int first_tap(int start, int dilation) {
  return start >= 0 ? start : start + ceil_div(-start, dilation) * dilation;
}

// The windows of one output row: which rows and columns of the image are in each. Of each
// instruction set it is another one, as its kernels are.
template <const Pool& S, class Isa>
struct PoolRow {
  // Output columns whose window lies wholly on the image.
  static constexpr int kFirst = std::min(ceil_div(S.pad_left, S.stride_width), S.out_width);
  static constexpr int kReach = S.in_width + S.pad_left - S.span_width();
  static constexpr int kInside =
      kReach < 0 ? 0 : std::min(kReach / S.stride_width + 1, S.out_width);
  static constexpr int kEnd = std::max(kFirst, kInside);

  int top, bottom;  // Rows of the image in the window, from its first tap there.
  int height;       // Rows that an average counts.

  explicit PoolRow(int y) {
    const int start = y * S.stride_height - S.pad_top;
    const int padded_end = std::min(start + S.span_height(), S.in_height + S.pad_bottom);
    top = first_tap(start, S.dilation_height);
    bottom = std::max(std::min(padded_end, S.in_height), top);
    height = S.counts_pad ? padded_end - start : bottom - top;
  }

  // Calls `window(x, left, right, width)` for every output column; `width` is what an average
  // counts.
  template <class Window>
  void run(Window&& window) const {
    sides(window);
    for (int x = kFirst; x < kEnd; ++x) {
      const int left = x * S.stride_width - S.pad_left;
      window(x, left, left + S.span_width(), S.kernel_width);
    }
  }

  // Only the columns whose window lies in part beside the image.
  template <class Window>
  void sides(Window&& window) const {
    for (int x = 0; x < kFirst; ++x) edge(x, window);
    for (int x = kEnd; x < S.out_width; ++x) edge(x, window);
  }

 private:
  template <class Window>
  void edge(int x, Window&& window) const {
    const int start = x * S.stride_width - S.pad_left;
    const int padded_end = std::min(start + S.span_width(), S.in_width + S.pad_right);
    const int left = first_tap(start, S.dilation_width);
    const int right = std::max(std::min(padded_end, S.in_width), left);
    window(x, left, right, S.counts_pad ? padded_end - start : right - left);
  }
};

// Calls `function(row, plane, out)` for each output row of each block: the block's plane of the
// input and the row of the output begin so many numbers into them.
template <const Pool& S, class Isa, class Function>
void each_pool_row(Member& t, Function&& function) {
  constexpr std::ptrdiff_t plane = std::ptrdiff_t(S.in_height) * S.in_width * kBlock;
  constexpr std::ptrdiff_t taps = std::ptrdiff_t(S.out_width) * S.kernel_height * S.kernel_width;
  for (auto [item, end] :
       t.stretches(std::ptrdiff_t(blocks_of(S.in_channels)) * S.out_height, enough(taps)))
    for (; item < end; ++item)
      function(PoolRow<S, Isa>(static_cast<int>(item % S.out_height)), item / S.out_height * plane,
               item * S.out_width * kBlock);
}

template <const Pool& S>
constexpr std::ptrdiff_t kPoolPlane = std::ptrdiff_t(S.out_height) * S.out_width * kBlock;

// Where a row of a block of the output is stored.
template <const Pool& S, class Numbers>
using PoolOutput =
    std::conditional_t<S.apart, SharedBlock<Numbers, kPoolPlane<S>>, Stored<Numbers>*>;

// The row that begins so many numbers into the output. Of each instruction set it is another one.
template <const Pool& S, class Numbers, class Isa>
PoolOutput<S, Numbers> pool_output(Stored<Numbers>* out, std::ptrdiff_t to) {
  if constexpr (S.apart) {
    const int block = int(to / kPoolPlane<S>);
    return {out + block * kPoolPlane<S>, S.lane, std::min(kBlock, S.in_channels - block * kBlock),
            to % kPoolPlane<S>};
  } else {
    return out + to;
  }
}

// One output row. Windows that lie wholly on the image share columns: what the rows make of one is
// found once, and goes to the windows that it is in.
template <const Pool& S, class Fold, class Numbers, class Isa>
struct PoolWindows {
  using Simd = cpu::Simd<Numbers, Isa>;
  using Vec = typename Simd::Vec;
  using Stored = cpu::Stored<Numbers>;
  using Row = PoolRow<S, Isa>;

  static constexpr std::ptrdiff_t kRow = std::ptrdiff_t(S.in_width) * kBlock;
  // Pixels in registers at once.
  static constexpr int kMost = 8;
  static constexpr bool kShared =
      S.dilation_height == 1 && S.dilation_width == 1 && S.kernel_width <= 8;

  Row row;
  const Stored* in;            // The block's plane.
  PoolOutput<S, Numbers> out;  // The row.

  INCEPT_INLINE void finish(int x, int part, Vec fold, int count) const {
    store<Numbers, Isa>(out + (x * kBlock + part),
                        activated<S, Numbers, Isa>(Fold::finish(fold, count)));
  }

  // Any window.
  void one(int x, int left, int right, int width) const {
    for (int part = 0; part < kBlock; part += Isa::kLanes) {
      Vec fold = Fold::start();
      for (int r = row.top; r < row.bottom; r += S.dilation_height)
        for (int c = left; c < right; c += S.dilation_width)
          fold = Fold::add(fold, Simd::load(in + r * kRow + c * kBlock + part));
      finish(x, part, fold, std::max(row.height * width, 1));
    }
  }

  // ROWS rows of a column, or where that is 0 as many as the window has.
  template <int ROWS>
  INCEPT_INLINE Vec column(const Stored* from) const {
    Vec fold = Simd::load(from);
    if constexpr (ROWS > 0) {
      INCEPT_UNROLL
      for (int r = 1; r < ROWS; ++r) fold = Fold::add(fold, Simd::load(from + r * kRow));
    } else {
      for (int r = 1; r < row.bottom - row.top; ++r)
        fold = Fold::add(fold, Simd::load(from + r * kRow));
    }
    return fold;
  }

  // WIDTH pixels from `x` on, of windows wholly on the image.
  template <int WIDTH, int ROWS>
  void stretch(int x) const {
    constexpr int columns = (WIDTH - 1) * S.stride_width + S.kernel_width;
    const int left = x * S.stride_width - S.pad_left, count = row.height * S.kernel_width;
    for (int part = 0; part < kBlock; part += Isa::kLanes) {
      const Stored* from = in + row.top * kRow + left * kBlock + part;
      Vec fold[WIDTH];
      INCEPT_UNROLL
      for (int c = 0; c < columns; ++c) {
        const Vec own = column<ROWS>(from + c * kBlock);
        INCEPT_UNROLL
        for (int p = 0; p < WIDTH; ++p) {
          const int tap = c - p * S.stride_width;
          if (tap == 0) fold[p] = own;
          if (tap > 0 && tap < S.kernel_width) fold[p] = Fold::add(fold[p], own);
        }
      }
      INCEPT_UNROLL
      for (int p = 0; p < WIDTH; ++p) finish(x + p, part, fold[p], count);
    }
  }

  template <int ROWS>
  void inside() const {
    constexpr int width = Row::kEnd - Row::kFirst, stretches = ceil_div(width, kMost);
    constexpr int length = width / stretches, longer = width % stretches;
    int x = Row::kFirst;
    if constexpr (longer > 0)
      for (int i = 0; i < longer; ++i, x += length + 1) stretch<length + 1, ROWS>(x);
    for (; x < Row::kEnd; x += length) stretch<length, ROWS>(x);
  }

  void run() const {
    const auto any = [&](int x, int left, int right, int width) { one(x, left, right, width); };
    if constexpr (kShared && Row::kEnd > Row::kFirst) {
      if (row.bottom > row.top) {
        row.sides(any);
        if (row.bottom - row.top == S.kernel_height) return inside<S.kernel_height>();
        return inside<0>();
      }
    }
    row.run(any);
  }
};

template <const Pool& S, class Fold, class Numbers, class Isa>
void pool(Member& t, const Stored<Numbers>* in, Stored<Numbers>* out) {
  each_pool_row<S, Isa>(
      t, [&](const PoolRow<S, Isa>& row, std::ptrdiff_t plane, std::ptrdiff_t to) {
        PoolWindows<S, Fold, Numbers, Isa>{row, in + plane, pool_output<S, Numbers, Isa>(out, to)}
            .run();
      });
}

// Padding is -inf: it never wins.
template <const Pool& S, class Numbers = F32, class Isa = Native>
void max_pool(Member& t, const Stored<Numbers>* in, Stored<Numbers>* out) {
  pool<S, MaxFold<Numbers, Isa>, Numbers, Isa>(t, in, out);
}

// Counts padding (`count_pad`) or only the image, but never what hangs over the padded image in
// ceil mode. A window with nothing to count gives 0.
template <const Pool& S, class Numbers = F32, class Isa = Native>
void avg_pool(Member& t, const Stored<Numbers>* in, Stored<Numbers>* out) {
  pool<S, MeanFold<Numbers, Isa>, Numbers, Isa>(t, in, out);
}

}  // namespace incept::cpu
