// Which bytes of a memory a view covers: regular runs.
#pragma once

#include <cstdint>
#include <string>

namespace incept::cuda::sim {

// `count` runs of `run` bytes, `pitch` bytes apart, from byte `first`.
struct Region {
  std::int64_t first = 0, count = 1, pitch = 0, run = 0;

  std::int64_t end() const { return empty() ? first : first + (count - 1) * pitch + run; }
  bool empty() const { return count <= 0 || run <= 0; }
  bool contiguous() const { return count == 1 || pitch == run; }

  // Whether bytes `byte` .. `byte + size - 1` all lie in one run, or in runs without a gap between.
  bool holds(std::int64_t byte, std::int64_t size) const {
    const std::int64_t from = byte - first;
    if (from < 0 || byte + size > end()) return false;
    return contiguous() || from % pitch + size <= run;
  }

  // Calls `visit(first byte, bytes)` for each run; once for runs without gaps.
  template <class Visit>
  void each(Visit&& visit) const {
    if (empty()) return;
    if (contiguous()) return visit(first, end() - first);
    for (std::int64_t i = 0; i < count; ++i) visit(first + i * pitch, run);
  }
};

// The first byte that both cover, exactly, or -1.
std::int64_t shared_byte(const Region& a, const Region& b);

// "49 runs of 64 bytes, 256 apart, from byte 1024".
std::string text_of(const Region& region);

}  // namespace incept::cuda::sim
