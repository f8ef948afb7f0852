// Rounding to 16 bits against what the formats say: every pattern, every tie.
#include <cmath>

#include "harness.hpp"

namespace incept::cuda {
namespace {

struct Format {
  const char* name;
  int exponent_bits, fraction_bits;
  std::uint16_t (*round)(float);
  float (*value)(std::uint16_t);

  int infinity() const { return ((1 << exponent_bits) - 1) << fraction_bits; }
  // By the definition, and in double: nothing rounds.
  double means(int pattern) const {
    const int bias = (1 << (exponent_bits - 1)) - 1;
    const int exponent = pattern >> fraction_bits & ((1 << exponent_bits) - 1);
    const int fraction = pattern & ((1 << fraction_bits) - 1);
    const double magnitude = exponent == 0 ? std::ldexp(fraction, 1 - bias - fraction_bits)
                                           : std::ldexp(fraction + (1 << fraction_bits),
                                                        exponent - bias - fraction_bits);
    return pattern & 0x8000 ? -magnitude : magnitude;
  }
};

const Format kFormats[] = {
    {"f16", 5, 10, [](float v) { return from_float<Element<f16>>(v).bits; },
     [](std::uint16_t bits) { return to_float(Element<f16>{bits}); }},
    {"bf16", 8, 7, [](float v) { return from_float<Element<bf16>>(v).bits; },
     [](std::uint16_t bits) { return to_float(Element<bf16>{bits}); }},
};

// Patterns whose value is wrong or which do not come back.
int wrong_patterns(const Format& format) {
  int wrong = 0;
  for (int pattern = 0; pattern < 0x10000; ++pattern) {
    const float value = format.value(static_cast<std::uint16_t>(pattern));
    const int back = format.round(value), magnitude = pattern & 0x7fff;
    if (magnitude > format.infinity())
      wrong += !std::isnan(value) || (back & 0x7fff) <= format.infinity();
    else if (magnitude == format.infinity())
      wrong += !std::isinf(value) || std::signbit(value) != (pattern > 0x7fff) || back != pattern;
    else
      wrong += value != format.means(pattern) || std::signbit(value) != (pattern > 0x7fff) ||
               back != pattern;
  }
  return wrong;
}

// Between neighbours: the middle goes to the even one, what is beside it to the nearer one. The
// last is between the largest number and what would come next, which is infinity.
int wrong_ties(const Format& format) {
  int wrong = 0;
  for (int sign : {0, 0x8000})
    for (int low = sign; low < sign + format.infinity(); ++low) {
      const auto middle = static_cast<float>((format.means(low) + format.means(low + 1)) / 2);
      const float away = std::copysign(INFINITY, middle);
      wrong += format.round(middle) != low + low % 2;
      wrong += format.round(std::nextafter(middle, away)) != low + 1;
      wrong += format.round(std::nextafter(middle, 0.0f)) != low;
    }
  return wrong;
}

}  // namespace
}  // namespace incept::cuda

int main() {
  using namespace incept::cuda;
  for (const Format& format : kFormats) {
    const std::string name = format.name;
    report((name + " patterns").c_str(), [&] { return text("%d wrong", wrong_patterns(format)); });
    report((name + " ties").c_str(), [&] { return text("%d wrong", wrong_ties(format)); });
    for (const float value : {1.0f, -2.0f, 0.1f, -0.0f, 1.0f / 3, 65504.0f, 65519.0f, 65520.0f,
                              3.14159265f, 1e-7f, 5.9604645e-8f, 2.9802322e-8f, 2.9802326e-8f,
                              6.1035156e-5f, 3.3895314e38f, 3.4e38f, 1e-40f, INFINITY})
      report(text("%s of %.9g", format.name, value).c_str(),
             [&] { return text("%04x", format.round(value)); });
  }
}
