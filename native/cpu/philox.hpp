// Philox 4x32-10, Salmon et al. 2011, "Parallel Random Numbers: As Easy as 1, 2, 3": four random
// words of a counter and a key, so that each element's number hangs on its place alone and not on
// who computes it, or when.
#pragma once

#include <cstdint>

namespace incept::cpu {

constexpr std::uint32_t kPhiloxFactors[] = {0xd2511f53, 0xcd9e8d57};
constexpr std::uint32_t kPhiloxKeys[] = {0x9e3779b9, 0xbb67ae85};

struct Philox {
  std::uint32_t word[4];
};

inline Philox philox(Philox counter, std::uint32_t key_0, std::uint32_t key_1) {
  std::uint32_t (&c)[4] = counter.word;
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = std::uint64_t(kPhiloxFactors[0]) * c[0],
                        b = std::uint64_t(kPhiloxFactors[1]) * c[2];
    c[0] = std::uint32_t(b >> 32) ^ c[1] ^ key_0;
    c[1] = std::uint32_t(b);
    c[2] = std::uint32_t(a >> 32) ^ c[3] ^ key_1;
    c[3] = std::uint32_t(a);
    key_0 += kPhiloxKeys[0], key_1 += kPhiloxKeys[1];
  }
  return counter;
}

}  // namespace incept::cpu
