// The rows of the tensor from the rows of a picture: PIL's vertical pass. It reads each source row
// once, from the top, and adds it to the sums of the rows that it is a part of, so that a picture
// of any height takes no more memory than the tensor.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

#include "columns.hpp"

namespace incept::picture {

// Calls `emit(row, bytes)` for each kept row, in order.
template <class Emit>
void pick_rows(Columns& columns, const std::vector<std::int64_t>& picked, Emit&& emit) {
  std::vector<std::uint8_t> bytes(columns.bytes());
  std::int64_t held = -1;
  for (std::size_t row = 0; row < picked.size(); ++row) {
    if (picked[row] < 0) {
      std::fill(bytes.begin(), bytes.end(), 0);
    } else if (picked[row] != held) {
      columns.read(picked[row], bytes.data());
    }
    held = picked[row];
    emit(row, bytes.data());
  }
}

// A row of the tensor that is not whole yet.
struct OpenRow {
  std::size_t row;
  Taps taps;
  std::vector<std::int32_t> sums;

  void add(std::int64_t y, const std::vector<std::uint8_t>& bytes) {
    const std::int32_t weight = taps.weights[std::size_t(y - taps.first)];
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += bytes[i] * weight;
  }
};

template <class Emit>
void filter_rows(Columns& columns, const Side& side, Interpolation interpolation, Emit&& emit) {
  std::vector<std::uint8_t> bytes(columns.bytes());
  std::deque<OpenRow> open;
  Taps next = taps_of(side, interpolation, 0);
  std::int64_t opened = 0;
  for (std::int64_t y = next.first; opened < side.kept || !open.empty(); ++y) {
    while (opened < side.kept && next.first <= y) {
      open.push_back(
          {std::size_t(opened), std::move(next), std::vector<std::int32_t>(bytes.size(), kHalf)});
      if (++opened < side.kept) next = taps_of(side, interpolation, opened);
    }
    columns.read(y, bytes.data());
    for (OpenRow& row : open) row.add(y, bytes);
    while (!open.empty() && open.front().taps.end() == y + 1) {
      for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = rounded(open.front().sums[i]);
      emit(open.front().row, bytes.data());
      open.pop_front();
    }
  }
}

template <class Emit>
void resample(const Source& source, const Frame& frame, Interpolation interpolation, Emit&& emit) {
  Columns columns(source, frame.x, interpolation);
  if (frame.y.same() || interpolation == Interpolation::kNearest) {
    pick_rows(columns, nearest(frame.y), emit);
  } else {
    filter_rows(columns, frame.y, interpolation, emit);
  }
}

}  // namespace incept::picture
