#include "region.hpp"

#include <algorithm>

#include "../cuda/failure.hpp"

namespace incept::cuda::sim {
namespace {

// The first byte of [begin, end) that the region covers, or -1.
std::int64_t first_within(std::int64_t begin, std::int64_t end, const Region& region) {
  begin = std::max(begin, region.first);
  end = std::min(end, region.end());
  if (begin >= end) return -1;
  if (region.contiguous()) return begin;
  const std::int64_t within = (begin - region.first) % region.pitch;
  if (within < region.length) return begin;
  const std::int64_t next = begin - within + region.pitch;
  return next < end ? next : -1;
}

}  // namespace

std::int64_t shared_byte(const Region& a, const Region& b) {
  if (a.empty() || b.empty() || a.first >= b.end() || b.first >= a.end()) return -1;
  const bool few = a.contiguous() || (!b.contiguous() && a.count <= b.count);
  const Region& outer = few ? a : b;
  const Region& inner = few ? b : a;
  if (outer.contiguous()) return first_within(outer.first, outer.end(), inner);
  // Stretches of `outer` that end before `inner` begins, or begin after it, share nothing.
  const std::int64_t skipped =
      std::max<std::int64_t>(0, (inner.first - outer.first - outer.length) / outer.pitch);
  for (std::int64_t i = skipped; i < outer.count; ++i) {
    const std::int64_t begin = outer.first + i * outer.pitch;
    if (begin >= inner.end()) break;
    const std::int64_t byte = first_within(begin, begin + outer.length, inner);
    if (byte >= 0) return byte;
    // Equal pitches meet in the same way at every stretch that begins inside both.
    if (outer.pitch == inner.pitch && begin >= inner.first) return -1;
  }
  return -1;
}

std::string text_of(const Region& region) {
  const auto number = [](std::int64_t value) { return static_cast<long long>(value); };
  if (region.contiguous())
    return text("%lld bytes from byte %lld", number(region.end() - region.first),
                number(region.first));
  return text("%lld stretches of %lld bytes, %lld apart, from byte %lld", number(region.count),
              number(region.length), number(region.pitch), number(region.first));
}

}  // namespace incept::cuda::sim
