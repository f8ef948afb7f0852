// Which bytes of a memory a view covers: regular stretches.
#pragma once

#include <cstdint>
#include <string>

namespace incept::cuda::sim {

// `count` stretches of `length` bytes, `pitch` bytes apart, from byte `first`.
struct Region {
  std::int64_t first = 0, count = 1, pitch = 0, length = 0;

  std::int64_t end() const { return empty() ? first : first + (count - 1) * pitch + length; }
  bool empty() const { return count <= 0 || length <= 0; }
  bool contiguous() const { return count == 1 || pitch == length; }

  // Whether bytes `byte` .. `byte + size - 1` all lie in one stretch, or in stretches without a gap
  // between.
  bool holds(std::int64_t byte, std::int64_t size) const {
    const std::int64_t from = byte - first;
    if (from < 0 || byte + size > end()) return false;
    return contiguous() || from % pitch + size <= length;
  }

  // Calls `visit(first byte, bytes)` for each stretch; once for stretches without gaps.
  template <class Visit>
  void each(Visit&& visit) const {
    if (empty()) return;
    if (contiguous()) return visit(first, end() - first);
    for (std::int64_t i = 0; i < count; ++i) visit(first + i * pitch, length);
  }
};

// The first byte that both cover, exactly, or -1.
std::int64_t shared_byte(const Region& a, const Region& b);

// "49 stretches of 64 bytes, 256 apart, from byte 1024".
std::string text_of(const Region& region);

}  // namespace incept::cuda::sim
