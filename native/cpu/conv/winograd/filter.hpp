// Filters at Winograd's points: host code, once when weights are loaded, in double precision and
// rounded once.
#pragma once

#include <vector>

#include "../../numbers.hpp"
#include "points.hpp"

namespace incept::cpu {

class WinogradFilter {
 public:
  WinogradFilter(const Conv& s, int height, int width)
      : inputs_(s.in_channels),
        rows_(side(height, s.kernel_height)),
        columns_(side(width, s.kernel_width)) {}

  // Input channel `input` of 16 output channels, of which -1 is none; `weight` is the checkpoint's
  // [out][in][kernel height][kernel width]. Point i goes to packed + i * pitch.
  template <class Numbers>
  void pack(const float* weight, const int* channels, int input, Sum<Numbers>* packed,
            std::size_t pitch) const {
    const int taps = rows_.taps * columns_.taps;
    double filter[kMaxTaps * kMaxTaps][kBlock] = {}, turned[kMaxPoints * kMaxTaps][kBlock];
    for (int lane = 0; lane < kBlock; ++lane)
      for (int tap = 0; channels[lane] >= 0 && tap < taps; ++tap)
        filter[tap][lane] = weight[(std::ptrdiff_t(channels[lane]) * inputs_ + input) * taps + tap];
    for (int y = 0; y < rows_.points; ++y)
      for (int x = 0; x < columns_.taps; ++x)
        sum(rows_, y, filter + x, columns_.taps, turned[y * columns_.taps + x]);
    for (int y = 0; y < rows_.points; ++y)
      for (int x = 0; x < columns_.points; ++x, packed += pitch) {
        double point[kBlock];
        sum(columns_, x, turned + y * columns_.taps, 1, point);
        for (int lane = 0; lane < kBlock; ++lane) packed[lane] = Sum<Numbers>(point[lane]);
      }
  }

 private:
  static constexpr int kMaxPoints = 2 * kMaxPairs + 2, kMaxTaps = kMaxPoints - 1;

  struct Side {
    int points, taps;
    double factor[kMaxPoints][kMaxTaps];
  };

  static Side side(int outputs, int taps) {
    const WinogradPoints points = winograd_points(outputs, taps);
    Side own{points.size, taps, {}};
    for (int i = 0; i < own.points; ++i)
      for (int tap = 0; tap < taps; ++tap) own.factor[i][tap] = points.filter(i, tap, taps);
    return own;
  }

  static void sum(const Side& side, int point, const double (*from)[kBlock], int step,
                  double (&to)[kBlock]) {
    for (int lane = 0; lane < kBlock; ++lane) to[lane] = 0;
    for (int tap = 0; tap < side.taps; ++tap)
      for (int lane = 0; lane < kBlock; ++lane)
        to[lane] += side.factor[point][tap] * from[tap * step][lane];
  }

  int inputs_;
  Side rows_, columns_;
};

}  // namespace incept::cpu
