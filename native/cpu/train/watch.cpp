#include "watch.hpp"

#include <algorithm>
#include <cmath>

#include "../shape.hpp"

namespace incept::cpu {
namespace {

bool image_finite(const Watched& row, const float* values) {
  if (!row.blocked) return all_finite(values, row.channels * row.plane);
  for (int c = 0; c < row.channels; c += kBlock) {
    const int lanes = std::min(kBlock, row.channels - c);
    for (std::ptrdiff_t p = 0; p < row.plane; ++p)
      if (!all_finite(values + (c * row.plane + p * kBlock), lanes)) return false;
  }
  return true;
}

bool value_finite(const Watched& row, const BatchRun& run) {
  if (row.extent == INCEPT_BATCH)
    return image_finite(row, run(BatchValue<const float>{row.buffer}));
  const Batch<const float> images = run(ImageValue<const float>{row.buffer, row.pitch, row.shift});
  for (int i = 0; i < images.images; ++i)
    if (!image_finite(row, images(i))) return false;
  return true;
}

}  // namespace

bool all_finite(const float* values, std::ptrdiff_t count) {
  return std::all_of(values, values + count, [](float x) { return std::isfinite(x); });
}

void Watch::look(const BatchRun& run, int level) {
  for (const Watched& row : training::watched) {
    if (found_) return;
    if (row.level == level && !value_finite(row, run)) found_ = &row;
  }
}

void BatchRun::look(Member& t, int level) const {
  if (t.rank() == 0) watch->look(*this, level);
  t.barrier();  // What was looked at may be written over from here on.
}

}  // namespace incept::cpu
