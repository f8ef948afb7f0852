import { expect, test } from "vitest";
import { marches, runNative, unrunnable } from "./compile.js";

/**
 * Every 1021st float: 8192 of each exponent and sign, with infinities, NaN and denormal numbers among
 * them. The judge is <cmath> in double; a unit is that of the exact result's last place.
 */
const program = `
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <limits>
#include "functions.hpp"

using namespace incept::cpu;
using Of = Functions<Native>;

double unit(double exact) {
  int power = -125;
  if (exact != 0) std::frexp(std::fabs(exact), &power);
  return std::ldexp(1.0, std::max(std::min(power, 128), -125) - 24);
}

// In units; infinite where exactly one is NaN, or the wrong infinity.
double off(float got, double exact) {
  const float rounded = static_cast<float>(exact);
  if (std::isnan(rounded) || std::isnan(got))
    return std::isnan(rounded) && std::isnan(got) ? 0 : INFINITY;
  if (std::isinf(got)) return rounded == got ? 0 : INFINITY;
  if (std::isinf(rounded)) return std::signbit(rounded) == std::signbit(got) ? 1 : INFINITY;
  if (std::signbit(got) != std::signbit(rounded)) return INFINITY;
  return std::fabs(exact - got) / unit(exact);
}

template <class Function, class Exact>
void check(const char* name, Function&& function, Exact&& exact, float most = INFINITY,
           float least = -INFINITY) {
  double worst = 0;
  float at = 0, x[Native::kLanes] = {}, y[Native::kLanes];
  int held = 0;
  const auto look = [&] {
    Of::Simd::put(y, function(Of::Simd::at(x)));
    for (int i = 0; i < Native::kLanes; ++i) {
      const double own = off(y[i], exact(static_cast<double>(x[i])));
      if (own > worst) worst = own, at = x[i];
    }
    held = 0;
  };
  const std::uint32_t special[] = {0x00000000, 0x80000000, 0x00000001, 0x80000001, 0x7f800000,
                                   0xff800000, 0x7fc00000, 0xffc00000, 0x7f7fffff, 0xff7fffff,
                                   0x7f800001, 0x42b17217, 0x42b17218, 0xc2cff1b5, 0x3f800000};
  const auto add = [&](std::uint32_t bits) {
    std::memcpy(x + held, &bits, 4);
    if (x[held] > most || x[held] < least) return;
    if (++held == Native::kLanes) look();
  };
  for (std::uint32_t bits : special) add(bits);
  for (std::uint64_t bits = 0; bits <= 0xffffffffu; bits += 1021)
    add(static_cast<std::uint32_t>(bits));
  look();
  std::printf("%s %.3f %a\\n", name, worst, at);
}

// By so many hundredths.
template <int HUNDREDTHS>
void power(const char* name) {
  const float p = HUNDREDTHS / 100.0f;
  check(name, [p](auto x) { return Of::power(x, p); }, [p](double x) {
    if (!(x >= 0)) return static_cast<double>(NAN);
    return std::pow(x == 0 ? 0 : x, static_cast<double>(p));
  });
}

int main() {
  check("exp", [](auto x) { return Of::exp(x); }, [](double x) { return std::exp(x); });
  // Of -0 it makes 0.
  check("expm1", [](auto x) { return Of::expm1(x); },
        [](double x) { return x == 0 ? 0 : std::expm1(x); }, 0);
  check("sigmoid", [](auto x) { return Of::sigmoid(x); }, [](double x) {
    return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x));
  });
  check("tanh", [](auto x) { return Of::tanh(x); }, [](double x) { return std::tanh(x); });
  check("inverse_three_quarters", [](auto x) { return Of::inverse_three_quarters(x); },
        [](double x) { return std::pow(x, -0.75); }, INFINITY, 0x1p-126f);
  power<-75>("power-0.75");
  power<-60>("power-0.6");
  power<50>("power0.5");
  power<100>("power1");
  power<0>("power0");
  check("erf", [](auto x) { return Of::erf(x); }, [](double x) { return std::erf(x); });
}`;

/** What native/cpu/functions.hpp says of each. */
const bounds = {
  exp: 1.1,
  expm1: 1.3,
  sigmoid: 2.8,
  tanh: 2.8,
  inverse_three_quarters: 1.8,
  "power-0.75": 1.4,
  "power-0.6": 1.4,
  "power0.5": 1.4,
  power1: 1.4,
  power0: 0,
  erf: 1.6,
};

for (const march of marches)
  test(`functions are as exact as they say, -march=${march}`, async ({ skip }) => {
    const why = await unrunnable(march);
    skip(why !== undefined, why);
    const lines = await runNative(program, march);
    const worst = Object.fromEntries(
      lines.map((line) => [line.split(" ")[0]!, Number(line.split(" ")[1])]),
    );
    expect(Object.keys(worst)).toEqual(Object.keys(bounds));
    for (const [name, most] of Object.entries(bounds))
      expect(worst[name], `${name} at ${lines.join(", ")}`).toBeLessThanOrEqual(most);
  }, 120_000);
