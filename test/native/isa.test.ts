import { expect, test } from "vitest";
import { runNative, runTogether, unrunnable } from "./compile.js";

/** One kernel of each header on small numbers; `run` is named after the instruction set. */
const kernels = (name: string): string => `
#include "adaptive_pool.hpp"
#include "bilinear.hpp"
#include "conv/depthwise.hpp"
#include "conv/direct.hpp"
#include "conv/grouped.hpp"
#include "conv/phased.hpp"
#include "conv/pointwise.hpp"
#include "conv/pooled.hpp"
#include "copy.hpp"
#include "elementwise.hpp"
#include "image_norm.hpp"
#include "join.hpp"
#include "linear.hpp"
#include "lrn.hpp"
#include "pool.hpp"
#include "softmax.hpp"
using namespace incept;
using namespace incept::cpu;

namespace layer {
inline constexpr Conv conv = Conv{}.input(32, 9, 9).output(32, 9, 9).kernel(3, 3).pad(1, 1, 1, 1).tanh();
inline constexpr Conv stem = Conv{}.input(3, 18, 18).output(32, 9, 9).kernel(3, 3).stride(2, 2).pad(1, 1, 0, 0).tanh().planar();
inline constexpr Conv groups = Conv{conv}.groups(32);
inline constexpr Conv point = Conv{}.input(32, 9, 9).output(32, 9, 9).relu();
inline constexpr Conv sum = Conv{point}.adding();
inline constexpr Pool pool = Pool{}.input(32, 9, 9).output(9, 9).kernel(3, 3).pad(1, 1, 1, 1).tanh();
inline constexpr AdaptivePool bins = AdaptivePool{}.input(32, 9, 9).output(3, 3).sigmoid();
inline constexpr Bilinear larger = Bilinear{}.input(32, 3, 3).factor(3, 3);
inline constexpr Lrn lrn = Lrn{}.image(32, 9, 9);
inline constexpr Softmax softmax = Softmax{}.image(32, 9, 9);
inline constexpr Activate act = Activate{}.image(32, 9, 9).sigmoid();
inline constexpr PRelu slopes = PRelu{}.image(32, 9, 9);
inline constexpr ImageNorm group = ImageNorm{}.image(32, 9, 9).groups(4).centred();
inline constexpr Scale scale = Scale{}.image(32, 9, 9).factor(2.0f);
inline constexpr BatchNorm norm = BatchNorm{}.image(32, 9, 9);
inline constexpr Add add = Add{}.image(32, 9, 9).scales(1, 2);
inline constexpr Mul mul = Mul{}.image(32, 9, 9).operands(2).spread(1);
inline constexpr Copy copy = Copy{}.image(32, 9, 9).into(0, 32);
inline constexpr Image image = Image{}.image(32, 9, 9);
inline constexpr Linear linear = Linear{}.image(32, 9, 9).features(10);
}  // namespace layer

std::vector<float> run_${name}(const std::vector<float>& numbers) {
  const std::size_t size = 32 * 9 * 9;
  std::vector<float> y(24 * size), space(19 * size);
  const float *x = numbers.data(), *w = x + size, *b = w + 32 * size;
  Team team(1);
  team.run([&](Member& t) {
    float* out = y.data();
    conv<layer::conv, Direct<1, 2>>(t, x, w, b, space.data(), out);
    conv<layer::groups, Depthwise<2>>(t, x, w, b, space.data(), out += size);
    conv<layer::groups, Grouped<1, 2>>(t, x, w, b, space.data(), out += size);
    linear<layer::linear, MatrixVector>(t, x, w, b, space.data(), out += size);
    conv<layer::conv, Winograd<2, 2, 1, 4, WinogradShare::kTiles>>(t, x, w, b, space.data(),
                                                                   out += size);
    conv<layer::stem, PhasedWinograd<3, 3, 1, 4, WinogradShare::kTiles>>(t, x, w, b, space.data(),
                                                                         out += size);
    conv<layer::point, Pointwise<1, 2, 16>>(t, x, w, b, space.data(), out += size);
    conv_add<layer::sum, Direct<1, 2>>(t, x, w, b, w, space.data(), out += size);
    max_pool_conv<layer::pool, layer::point, Pooled<1, 2, 16, 2>>(t, x, w, b, out += size);
    max_pool<layer::pool>(t, x, out += size);
    avg_pool<layer::pool>(t, x, out += size);
    adaptive_avg_pool<layer::bins>(t, x, out += size);
    bilinear<layer::larger>(t, x, out += size);
    lrn<layer::lrn>(t, x, out += size);
    softmax<layer::softmax>(t, x, out += size);
    activate<layer::act>(t, x, out += size);
    prelu<layer::slopes>(t, x, b, out += size);
    image_norm<layer::group>(t, x, b, b, out += size);
    scale<layer::scale>(t, x, out += size);
    batch_norm<layer::norm>(t, x, b, b, b, x, out += size);
    add<layer::add>(t, out += size, x, w);
    mul<layer::mul>(t, out += size, x, w);
    copy<layer::copy>(t, x, out += size);
    to_planar<layer::image>(t, x, out += size);
    to_blocked<layer::image>(t, x, space.data());
  });
  return y;
}`;

const main = `
#include <cmath>
#include <cstdio>
${kernels("baseline")}
std::vector<float> run_avx2(const std::vector<float>&);

int main() {
  std::vector<float> numbers(34 * 32 * 9 * 9);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = float(i * 37 % 101) / 101;
  const std::vector<float> plain = run_baseline(numbers), wide = run_avx2(numbers);
  double off = 0, sum = 0;
  for (std::size_t i = 0; i < plain.size(); ++i)
    off += std::abs(plain[i] - wide[i]), sum += std::abs(plain[i]);
  std::puts(off < 1e-6 * sum && sum > 0 ? "the same numbers" : "other numbers");
}`;

test("kernels for two instruction sets stand side by side in one binary", async ({ skip }) => {
  const why = await unrunnable("haswell");
  skip(why !== undefined, why);
  const { lines, symbols } = await runTogether([
    { source: main, march: "x86-64" },
    { source: kernels("avx2"), march: "haswell" },
  ]);
  expect(lines).toEqual(["the same numbers"]);
  // What both define the linker keeps once: no kernel may be among it.
  const ofLayers = (own: readonly string[]): readonly string[] =>
    own.filter((name) => /layer::|Bilinear::(between|share)/.test(name) && name.includes("("));
  const [plain, wide] = symbols.map(ofLayers) as [readonly string[], readonly string[]];
  for (const kernel of ["direct_", "DepthwiseStretch<", "GroupedTile<", "PhasedWinograd<", "Dot<", "PoolRow<", "BilinearRow<", "LrnPixel<", "join_"])
    for (const own of [plain, wide]) expect(own.join("\n")).toContain(kernel);
  expect(plain.filter((name) => wide.includes(name))).toEqual([]);
}, 120_000);

const misuse = (call: string): string => `
#include "conv/direct.hpp"
#include "copy.hpp"
using namespace incept;
using namespace incept::cpu;
static constexpr Conv odd = Conv{}.input(6, 3, 3).output(6, 3, 3).groups(2);
static constexpr Conv one = Conv{}.input(6, 3, 3).output(6, 3, 3);
static constexpr Copy all = Copy{}.image(6, 3, 3);
int main() {
  Team(1).run([](Member& t) { (void)t, ${call}; });
}`;

test.each([
  [
    "an instruction set that the file is not compiled for",
    "conv<one, Direct<1, 2>, F32, Avx512>(t, nullptr, nullptr, nullptr, nullptr, (float*)nullptr)",
    /compile this file for the instruction set of its kernels/,
  ],
  [
    "such a set for a kernel without vectors",
    "copy<all, F32, Avx512>(t, nullptr, nullptr)",
    /static assertion failed|static_assert failed/,
  ],
  [
    "an algorithm for a layer that it does not compute",
    "conv<odd, Direct<1, 2>>(t, nullptr, nullptr, nullptr, nullptr, (float*)nullptr)",
    /the algorithm does not compute this layer/,
  ],
])("the compiler refuses %s", async (_, call, message) => {
  const march = process.arch === "x64" ? "x86-64" : "native";
  await expect(runNative(misuse(call), march)).rejects.toThrow(message);
}, 60_000);
