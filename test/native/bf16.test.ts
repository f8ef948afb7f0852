import { describe, expect, test } from "vitest";
import { runNative, unrunnable } from "./compile.js";
import { type Case, single } from "./kernel-cases.js";
import * as shapes from "./shapes.js";

/**
 * Kernels on images of bf16 against the references in f32, at 1, 2, 3 and 7 threads: on the plainest
 * processors, on those with wide registers, and on those that multiply tiles of bf16.
 */
const marches = ["x86-64", "haswell", "skylake-avx512", "sapphirerapids", "armv8-a"] as const;
type March = (typeof marches)[number];

const tiles = "MatrixTiles";

/** Corners of the tiles: strides, dilation, few and odd channels, short and long rows, segments. */
const tiled = [
  "Conv{}.input(3, 23, 30).output(24, 12, 15).kernel(7, 7).stride(2, 2).pad(3, 3, 3, 3).planar()",
  "Conv{}.input(1, 9, 9).output(7, 9, 9).kernel(3, 3).pad(1, 1, 1, 1).planar().relu()",
  "Conv{}.input(19, 8, 8).output(40, 6, 6).kernel(3, 3).planar()",
  "Conv{}.input(5, 21, 21).output(16, 17, 17).kernel(3, 3).dilation(2, 2).planar()",
  "Conv{}.input(33, 7, 7).output(70, 7, 7).kernel(5, 5).pad(2, 2, 2, 2).relu()",
  "Conv{}.input(48, 17, 17).output(32, 17, 17).kernel(1, 7).pad(0, 3, 0, 3)",
  "Conv{}.input(32, 17, 17).output(16, 17, 17).kernel(7, 1).pad(3, 0, 3, 0)",
  "Conv{}.input(32, 9, 9).output(48, 9, 9).kernel(2, 2).pad(1, 0, 0, 1).tanh()",
  "Conv{}.input(24, 7, 7).output(56, 7, 7).split(16, 24, 16)",
  "Conv{}.input(40, 9, 9).output(33, 9, 9).kernel(3, 3).pad(1, 1, 1, 1).relu().adding()",
  "Conv{}.input(64, 1, 1).output(20, 1, 1).relu()",
  "Conv{}.input(16, 5, 40).output(33, 3, 20).kernel(3, 3).stride(2, 2).pad(1, 1, 1, 1)",
  "Conv{}.input(40, 9, 9).output(33, 5, 5).stride(2, 2)",
  // Read where it lies, by three tiles of 13 pixels of a line of 38.
  "Conv{}.input(32, 7, 8).output(16, 5, 6).kernel(3, 3)",
  "Conv{}.input(24, 7, 7).output(56, 7, 7).split(16, 24, 16).lanes(3, 0, 15)",
  "Conv{}.input(40, 9, 9).output(33, 9, 9).kernel(3, 3).pad(1, 1, 1, 1).relu().lanes(9)",
];

const plain: Readonly<Record<March, string>> = {
  "x86-64": "Direct<1, 2>",
  haswell: "Direct<1, 6>",
  "skylake-avx512": "Direct<2, 14>",
  sapphirerapids: "Direct<4, 6>",
  "armv8-a": "Direct<1, 6>",
};

const conv = (layer: string, name: string): Case => single("Conv", "bf16_conv", layer, name);

/** Layers of every kind, by tiles where there are some, and by what multiplies f32. */
function cases(march: March, next: shapes.Random): readonly Case[] {
  const drawn = (["unstrided", "pointwise", "planar", "merged"] as const).map((kind) =>
    shapes.beside(next, shapes.conv(next, kind)),
  );
  return [
    ...drawn.map((layer) => conv(layer, plain[march])),
    ...(march === "sapphirerapids" ? [...tiled, ...drawn].map((each) => conv(each, tiles)) : []),
    conv(shapes.beside(next, shapes.conv(next, "odd groups")), "Grouped<1, 4>"),
    conv(shapes.beside(next, shapes.conv(next, "depthwise")), "Depthwise<4>"),
    conv(winogradLayer, "Winograd<4, 4, 1, 3, WinogradShare::kTiles>"),
    conv(winogradLayer, "Winograd<2, 2, 1, 5, WinogradShare::kBlocks>"),
    conv(`${winogradLayer}.lanes(5)`, "Winograd<4, 4, 1, 3, WinogradShare::kTiles>"),
    conv(stem, "PhasedWinograd<5, 5, 1, 3, WinogradShare::kTiles>"),
    conv(stem, "PhasedWinograd<4, 4, 1, 3, WinogradShare::kBlocks>"),
    single("Pool", "bf16_pool", shapes.pool(next)),
    single("Pool", "bf16_pool", `${shapes.pool(next)}.lanes(${next(1, 15)})`),
    single("Pool", "bf16_pool", rectifiedPool),
    single("AdaptivePool", "bf16_adaptive", "AdaptivePool{}.input(33, 7, 5).output(3, 1).silu()"),
    single("AdaptivePool", "bf16_adaptive", "AdaptivePool{}.input(17, 3, 4).output(6, 4).relu()"),
    single("Lrn", "bf16_lrn", shapes.lrn(next)),
    single("Activate", "bf16_activate", `Activate{}${shapes.image(next)}.sigmoid()`),
    single("Linear", "bf16_linear", "Linear{}.image(35, 3, 5).features(30)", "MatrixVector"),
    single("Linear", "bf16_linear", "Linear{}.vector(77).features(13)", "MatrixVector"),
  ];
}

const winogradLayer =
  "Conv{}.input(40, 9, 9).output(33, 9, 9).kernel(3, 3).stride(1, 1).pad(1, 1, 1, 1)";

const stem =
  "Conv{}.input(3, 23, 25).output(33, 12, 12).kernel(7, 7).stride(2, 2).pad(3, 2, 3, 3).planar()";

const rectifiedPool =
  "Pool{}.input(33, 9, 10).output(5, 5).kernel(3, 3).stride(2, 2).pad(1, 1, 1, 1).relu6()";

const program = (all: readonly Case[]): string =>
  [
    '#include "check_bf16.hpp"',
    "using namespace incept;",
    "using namespace incept::cpu;",
    ...all.map((one) => one.declarations),
    "int main() {",
    "  if (std::is_same_v<Native, Amx> && !permit(Level::kAmx)) return 1;",
    "  check::check_rounding();",
    ...all.map((one) => `  ${one.call}`),
    "}",
  ].join("\n");

describe("kernels on bf16 agree with the reference", () => {
  for (const [index, march] of marches.entries())
    test(`-march=${march}`, { timeout: 600_000 }, async ({ skip }) => {
      const why = await unrunnable(march);
      skip(why !== undefined, why);
      const all = cases(march, shapes.random(3000 + index));
      const lines = await runNative(program(all), march, ["-O1"]);
      expect(lines.filter((line) => !line.startsWith("ok "))).toEqual([]);
      const seen = all.filter((one) => lines.some((line) => line.startsWith(`ok ${one.name}`)));
      expect(seen.length).toBe(all.length);
    });

  for (const [index, sanitizers] of ["address,undefined", "thread"].entries())
    test(`under -fsanitize=${sanitizers}`, { timeout: 600_000 }, async () => {
      const march = (await unrunnable("sapphirerapids")) === undefined ? "sapphirerapids" : "x86-64";
      const all = cases(march, shapes.random(3010 + index)).filter((_, i) => i % 2 === 0);
      const flags = [`-fsanitize=${sanitizers}`, "-fno-sanitize-recover=all", "-g1", "-O1"];
      const lines = await runNative(program(all), march, flags);
      expect(lines.filter((line) => !line.startsWith("ok "))).toEqual([]);
    });
});
