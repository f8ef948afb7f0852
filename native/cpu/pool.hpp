// Pooling on blocked images: all channels of a block at once, windows with a compile-time size.
#pragma once

#include <algorithm>
#include <limits>

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
    return sum / Simd::all(static_cast<Sum<Numbers>>(count));
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
    for (int x = 0; x < kFirst; ++x) edge(x, window);
    for (int x = kFirst; x < kEnd; ++x) {
      const int left = x * S.stride_width - S.pad_left;
      window(x, left, left + S.span_width(), S.kernel_width);
    }
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

template <const Pool& S, class Fold, class Numbers, class Isa>
void pool(Member& t, const Stored<Numbers>* in, Stored<Numbers>* out) {
  using Simd = cpu::Simd<Numbers, Isa>;
  each_pool_row<S, Isa>(
      t, [&](const PoolRow<S, Isa>& row, std::ptrdiff_t plane, std::ptrdiff_t to) {
        row.run([&](int x, int left, int right, int width) {
          for (int part = 0; part < kBlock; part += Isa::kLanes) {
            typename Simd::Vec fold = Fold::start();
            for (int r = row.top; r < row.bottom; r += S.dilation_height)
              for (int c = left; c < right; c += S.dilation_width)
                fold = Fold::add(
                    fold,
                    Simd::load(in + plane + (std::ptrdiff_t(r) * S.in_width + c) * kBlock + part));
            Simd::store(out + to + x * kBlock + part,
                        Fold::finish(fold, std::max(row.height * width, 1)));
          }
        });
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

// PyTorch's bins: [floor(i * in / out), ceil((i + 1) * in / out)).
template <const AdaptivePool& S, class Numbers = F32, class Isa = Native>
void adaptive_avg_pool(Member& t, const Stored<Numbers>* in, Stored<Numbers>* out) {
  using Simd = cpu::Simd<Numbers, Isa>;
  using Vec = cpu::Vec<Numbers, Isa>;
  constexpr int bins = S.out_height * S.out_width;
  constexpr std::ptrdiff_t plane = std::ptrdiff_t(S.in_height) * S.in_width * kBlock;
  for (auto [item, end] :
       t.stretches(std::ptrdiff_t(blocks_of(S.channels)) * bins, enough(plane / kBlock / bins)))
    for (; item < end; ++item) {
      const int y = static_cast<int>(item % bins) / S.out_width;
      const int x = static_cast<int>(item % bins) % S.out_width;
      const int top = y * S.in_height / S.out_height;
      const int bottom = ceil_div((y + 1) * S.in_height, S.out_height);
      const int left = x * S.in_width / S.out_width;
      const int right = ceil_div((x + 1) * S.in_width, S.out_width);
      for (int part = 0; part < kBlock; part += Isa::kLanes) {
        Vec sum{};
        for (int r = top; r < bottom; ++r) {
          const Stored<Numbers>* from =
              in + item / bins * plane + std::ptrdiff_t(r) * S.in_width * kBlock + part;
          Vec row{};  // Sums of sums keep the rounding of a large plane small.
          for (int c = left; c < right; ++c) row += Simd::load(from + c * kBlock);
          sum += row;
        }
        const int count = (bottom - top) * (right - left);
        Simd::store(out + item * kBlock + part, sum / Simd::all(static_cast<Sum<Numbers>>(count)));
      }
    }
}

}  // namespace incept::cpu
