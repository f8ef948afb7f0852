// Checks of prepared weights.
#pragma once

#include "bench.hpp"
#include "cuda/pack.hpp"

namespace check {

inline void verdict(const char* name, bool good) {
  std::printf("%s %s\n", good ? "ok" : "FAIL", name);
}

// Number `index` of what was packed.
template <class P>
float at(const std::vector<std::byte>& packed, std::size_t index) {
  return read<P>(&packed[index * size_of(P::type)]);
}

template <class P>
void check_pack_conv() {
  constexpr Conv s = Conv{}.input(6, 9, 9).output(4, 7, 8).kernel(3, 2).groups(2);
  static_assert(packed_weights<P>(s) == 4 * 3 * 3 * 2 * size_of(P::type));
  static_assert(packed_bias<P>(s) == 4 * size_of(P::type));
  const Floats weight = random(4 * 3 * 3 * 2);
  std::vector<std::byte> packed(packed_weights<P>(s));
  pack_conv<P>(s, weight.data(), packed.data());
  const Floats expected = rounded<P>(weight);
  bool good = true;
  for (int k = 0; k < 4; ++k)
    for (int c = 0; c < 3; ++c)
      for (int r = 0; r < 3; ++r)
        for (int x = 0; x < 2; ++x)
          good = good && at<P>(packed, ((k * 3 + r) * 2 + x) * 3 + c) ==
                             expected[((k * 3 + c) * 3 + r) * 2 + x];
  verdict("conv", good);
}

template <class P>
void check_pack_linear(const Linear& s) {
  const std::size_t plane = s.plane(), row = s.channels * plane;
  const Floats weight = random(s.feature_count * row), expected = rounded<P>(weight);
  std::vector<std::byte> packed(packed_weights<P>(s));
  pack_linear<P>(s, weight.data(), packed.data());
  bool good = packed.size() == weight.size() * size_of(P::type) &&
              packed_bias<P>(s) == s.feature_count * size_of(P::type);
  for (std::size_t f = 0; f < std::size_t(s.feature_count); ++f)
    for (std::size_t c = 0; c < std::size_t(s.channels); ++c)
      for (std::size_t p = 0; p < plane; ++p)
        good = good &&
               at<P>(packed, f * row + p * s.channels + c) == expected[f * row + c * plane + p];
  verdict(plane > 1 ? "linear of an image" : "linear of a vector", good);
}

template <class P>
void check_pack_bias() {
  constexpr Conv s = Conv{}.input(2, 3, 3).output(5, 3, 3);
  const Floats bias = random(5), expected = rounded<P>(bias);
  std::vector<std::byte> packed(packed_bias<P>(s), std::byte{0xff});
  pack_bias<P>(s, nullptr, packed.data());
  bool good = true;
  for (int i = 0; i < 5; ++i) good = good && at<P>(packed, i) == 0;
  pack_bias<P>(s, bias.data(), packed.data());
  for (int i = 0; i < 5; ++i) good = good && at<P>(packed, i) == expected[i];
  pack_bias<P>(Linear{}.vector(3).features(5), expected.data(), packed.data());
  for (int i = 0; i < 5; ++i) good = good && at<P>(packed, i) == expected[i];
  verdict("bias", good);
}

template <class P>
void check_pack() {
  check_pack_conv<P>();
  check_pack_linear<P>(Linear{}.image(3, 4, 5).features(7));
  check_pack_linear<P>(Linear{}.vector(11).features(2));
  check_pack_bias<P>();
}

inline void check_pack_numbers() {
  const Floats numbers = random(5);
  Floats packed(5);
  pack_numbers(5, numbers.data(), reinterpret_cast<std::byte*>(packed.data()));
  verdict("numbers", packed == numbers);
}

}  // namespace check
