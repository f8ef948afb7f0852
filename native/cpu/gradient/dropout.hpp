// Dropout as it trains (Srivastava et al. 2014): what is dropped hangs on an element's place in the
// batch, N,C,H,W in that order, however the numbers lie. The result may be written over the
// operand.
#pragma once

#include <algorithm>
#include <cstdint>

#include "../../layers/training.hpp"
#include "../batch.hpp"
#include "../numbers.hpp"
#include "../philox.hpp"
#include "../team.hpp"

namespace incept::cpu {

// Four random words of each of 16 counters that follow one another, in this order: philox(), one
// round after the other for all of them, which compilers make vector code of.
inline void philox_words(std::uint64_t first, std::uint32_t stream, const std::int32_t* random,
                         std::uint32_t* words) {
  constexpr int count = 16;
  std::uint32_t c[4][count];
  for (int i = 0; i < count; ++i) {
    c[0][i] = std::uint32_t(first + i), c[1][i] = stream;
    c[2][i] = std::uint32_t(random[1]), c[3][i] = 0;
  }
  std::uint32_t key_0 = std::uint32_t(random[0]), key_1 = 0;
  for (int round = 0; round < 10; ++round, key_0 += kPhiloxKeys[0], key_1 += kPhiloxKeys[1])
    for (int i = 0; i < count; ++i) {
      const std::uint64_t a = std::uint64_t(kPhiloxFactors[0]) * c[0][i];
      const std::uint64_t b = std::uint64_t(kPhiloxFactors[1]) * c[2][i];
      c[0][i] = std::uint32_t(b >> 32) ^ c[1][i] ^ key_0, c[1][i] = std::uint32_t(b);
      c[2][i] = std::uint32_t(a >> 32) ^ c[3][i] ^ key_1, c[3][i] = std::uint32_t(a);
    }
  for (int i = 0; i < count; ++i)
    for (int k = 0; k < 4; ++k) words[4 * i + k] = c[k][i];
}

// Where a number lies in an image, by its place in C,H,W.
template <const Dropout& S>
constexpr std::ptrdiff_t place_of(std::ptrdiff_t i) {
  if constexpr (!S.blocked) return i;
  const std::ptrdiff_t c = i / S.plane(), p = i % S.plane();
  return (c / kBlock * S.plane() + p) * kBlock + c % kBlock;
}

// x / (1 - p), or 0 where word i mod 4 of counter i div 4 is below p * 2^32. `random` is the seed
// of the training and the number of the batch.
template <const Dropout& S, class Numbers = F32, class Isa = Native>
void dropout_training(const Member& t, Batch<const Stored<Numbers>> x, const std::int32_t* random,
                      Batch<Stored<Numbers>> y) {
  static_assert(compiled_for<Isa>);
  constexpr std::ptrdiff_t drawn = 64, count = S.channels * S.plane();
  constexpr double limit = S.p * 4294967296.0;
  constexpr std::uint64_t whole = static_cast<std::uint64_t>(limit);
  constexpr std::uint64_t least = whole + (static_cast<double>(whole) < limit);
  constexpr Sum<Numbers> factor = static_cast<Sum<Numbers>>(1 / (1 - S.p));
  std::uint32_t words[drawn];
  for (auto [at, end] = share(t, count * x.images); at < end;) {
    philox_words(at / 4, S.number, random, words);
    const std::ptrdiff_t next = std::min(end, at / 4 * 4 + drawn);
    for (const std::ptrdiff_t first = at / 4 * 4; at < next; ++at) {
      const int image = static_cast<int>(at / count);
      const std::ptrdiff_t i = place_of<S>(at % count);
      y(image)[i] = words[at - first] < least ? Stored<Numbers>{}
                                              : Numbers::write(Numbers::read(x(image)[i]) * factor);
    }
  }
}

}  // namespace incept::cpu
