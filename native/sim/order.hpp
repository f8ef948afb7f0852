// Pseudo-random orders, the same for the same seed.
#pragma once

#include <cstdint>
#include <numeric>

namespace incept::cuda::sim {

// One round of splitmix64: well mixed bits of what goes in.
inline std::uint64_t mixed(std::uint64_t bits) {
  bits += 0x9e3779b97f4a7c15u;
  bits = (bits ^ bits >> 30) * 0xbf58476d1ce4e5b9u;
  bits = (bits ^ bits >> 27) * 0x94d049bb133111ebu;
  return bits ^ bits >> 31;
}

// 0 .. count - 1 in some order: a stride apart, which shares no factor with the count.
class Order {
 public:
  Order() = default;
  Order(std::uint64_t count, std::uint64_t seed) : count_(count) {
    if (count <= 1) return;
    first_ = mixed(seed) % count;
    stride_ = 1 + mixed(seed + 1) % (count - 1);
    while (std::gcd(stride_, count) != 1) stride_ = stride_ % (count - 1) + 1;
  }
  std::uint64_t operator[](std::uint64_t i) const { return (first_ + i * stride_) % count_; }

 private:
  std::uint64_t count_ = 1, first_ = 0, stride_ = 1;
};

}  // namespace incept::cuda::sim
