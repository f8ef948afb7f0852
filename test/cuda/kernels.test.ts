import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { activationNames } from "../../src/ops/activations.js";
import * as shapes from "../native/shapes.js";
import { compileSim } from "../sim/compile.js";
import { Folder } from "../build/folder.js";
import { runChecks } from "./run-checks.js";

/**
 * Every kernel of native/cuda on the simulator against native/cpu/reference: random odd shapes, in
 * f32, f16 and bf16, dense and as slices of wider buffers, aligned and not, one to three images,
 * with NaN and infinities. The simulator adds what a GPU would not tell: races, accesses outside of
 * a view, outputs left unwritten.
 */

interface Case {
  readonly family: string;
  readonly layer: string;
}

const each = (family: string, layers: readonly string[]): readonly Case[] =>
  layers.map((layer) => ({ family, layer }));

const several = (count: number, make: () => string): readonly string[] =>
  Array.from({ length: count }, make);

const families: Record<string, (next: shapes.Random) => readonly Case[]> = {
  "pooling at the corners": () =>
    each("pool", [
      ...shapes.poolCorners,
      // Every window on the image, with and without packs; one as large as the image; large ones.
      "Pool{}.input(16, 8, 6).output(4, 3).kernel(2, 2).stride(2, 2)",
      "Pool{}.input(72, 7, 7).output(1, 1).kernel(7, 7)",
      "Pool{}.input(72, 7, 7).output(1, 1).kernel(7, 7).elu(0.5f)",
      "Pool{}.input(16, 8, 6).output(4, 3).kernel(3, 3).stride(2, 2).pad(0, 0, 1, 1).relu()",
      "Pool{}.input(16, 9, 8).output(3, 2).kernel(7, 7).pad(0, 0, 0, 0)",
    ]),
  "pooling anywhere": (next) =>
    each(
      "pool",
      several(10, () => shapes.pool(next)),
    ),
  "adaptive pooling": (next) =>
    each("adaptive", [
      // The global averages of GoogLeNet and of a large plane, bins that overlap, stretches of channels
      // that do not fill a block.
      "AdaptivePool{}.input(136, 7, 7)",
      "AdaptivePool{}.input(20, 60, 50)",
      "AdaptivePool{}.input(136, 7, 7).sigmoid()",
      "AdaptivePool{}.input(64, 13, 13).output(6, 6)",
      ...several(10, () => shapes.adaptivePool(next)),
    ]),
  normalisations: (next) => [
    ...each("lrn", [
      ...several(5, () => shapes.lrn(next)),
      "Lrn{}.image(64, 3, 4).window(9).alpha(0.5f).beta(0.5f)",
      "Lrn{}.image(64, 3, 4).window(17).alpha(0.5f).beta(1)",
      // A window too wide to keep, and a base that is 0 where all inputs are.
      "Lrn{}.image(64, 3, 4).window(63).alpha(0.5f)",
      "Lrn{}.image(16, 3, 4).window(5).alpha(0.5f).k(0)",
    ]),
    ...each("image_norm", [
      `ImageNorm{}${shapes.extent(next)}`,
      `ImageNorm{}${shapes.extent(next)}.centred()`,
      "ImageNorm{}.image(36, 3, 5).groups(4).centred()",
      "ImageNorm{}.image(8, 30, 31).groups(1).centred()",
    ]),
    ...each(
      "batch_norm",
      several(6, () => `BatchNorm{}${shapes.extent(next)}.eps(1e-3f)`),
    ),
  ],
  softmax: (next) =>
    each("softmax", [
      ...several(4, () => `Softmax{}${shapes.extent(next)}`),
      `Softmax{}${shapes.image(next)}.over_height()`,
      `Softmax{}${shapes.image(next)}.over_width().log()`,
      `Softmax{}${shapes.extent(next)}.log()`,
      // One to many threads a row, and more channels than threads.
      ...[1, 2, 21, 128, 129].map((channels) => `Softmax{}.image(${channels}, 3, 5)`),
      ...[1000, 4097, 200_000].map((channels) => `Softmax{}.vector(${channels})`),
    ]),
  elementwise: (next) => [
    ...each("activate", [
      `Activate{}${shapes.extent(next)}.relu()`,
      ...activationNames.slice(1).map((name) => `Activate{}${shapes.extent(next)}.${name}()`),
      "Activate{}.image(16, 5, 5).relu()",
      "Activate{}.image(65, 33, 33).relu()", // Enough for large blocks.
    ]),
    ...each("prelu", [
      ...several(3, () => `PRelu{}${shapes.extent(next)}`),
      ...several(2, () => `PRelu{}${shapes.extent(next)}.shared()`),
      "PRelu{}.image(64, 3, 5)",
    ]),
    ...each(
      "scale",
      several(5, () => `Scale{}${shapes.extent(next)}.factor(0.5f).offset(-2.0f)`),
    ),
    ...each("bias_activate", [
      "Activate{}.image(16, 3, 4)",
      `Activate{}${shapes.image(next)}.relu()`,
      `Activate{}${shapes.image(next)}.sigmoid()`,
      `Activate{}${shapes.image(next)}.leakyrelu(0.25f)`,
      `Activate{}${shapes.image(next)}.gelu()`,
      "Activate{}.image(24, 3, 4).tanh()",
    ]),
  ],
  "bilinear interpolation": (next) =>
    each("bilinear", [
      "Bilinear{}.input(64, 5, 6).factor(2, 2)",
      "Bilinear{}.input(16, 1, 1).factor(3, 2)",
      ...several(8, () => shapes.bilinear(next)),
    ]),
};

/** Lines that are not as they should be, and cases of which nothing was printed. */
function faults(lines: readonly string[], names: readonly string[]): readonly string[] {
  const bad = lines.filter((line) => !line.startsWith("ok "));
  const unseen = names.filter((name) => !lines.some((line) => line.startsWith(`ok ${name}`)));
  return [...bad, ...unseen.map((name) => `nothing was printed of ${name}`)];
}

describe("kernels agree with the reference", () => {
  for (const [index, [family, generate]] of Object.entries(families).entries())
    test(family, { timeout: 600_000 }, async () => {
      const cases = generate(shapes.random(3000 + index));
      const calls = cases.map(
        ({ family: check, layer }) => `check_${check}<${layer}>(${JSON.stringify(layer)})`,
      );
      const lines = await runChecks("families.hpp", calls);
      expect(
        faults(
          lines,
          cases.map(({ layer }) => layer),
        ),
      ).toEqual([]);
    });
});

test("every kernel stands beside every other in one source", { timeout: 600_000 }, async () => {
  using folder = new Folder();
  const source = fileURLToPath(new URL("all.cu", import.meta.url));
  await expect(compileSim([source], folder.path, ["-O0"])).resolves.toHaveLength(1);
});

describe("what moves values, exactly, and joins", () => {
  const next = shapes.random(4000);
  const random = several(8, () => {
    const channels = shapes.pick(next, [1, 3, 8, 17, 64]);
    return `${channels}, ${next(1, 9)}, ${next(1, 40)}`;
  });
  // Vectors, images of few pixels or channels, and both sides of what a tile holds.
  const list = [...random, "33, 1, 1", "16, 2, 3", "7, 9, 9", "8, 2, 4", "32, 4, 8", "33, 1, 65"];

  test("copies, borders, planar images", { timeout: 600_000 }, async () => {
    const calls = list.flatMap((shape) => [
      `check_copy("${shape}", {${shape}})`,
      `check_planar("${shape}", {${shape}})`,
      `check_pad("${shape}", {${shape}}, ${next(0, 2)}, ${next(0, 2)}, ${next(0, 2)}, ${next(0, 2)})`,
    ]);
    const names = list.flatMap((shape) =>
      ["copy", "load_input", "store_output", "flatten", "pad"].map((name) => `${shape} ${name}`),
    );
    expect(faults(await runChecks("moves.hpp", calls), names)).toEqual([]);
  });

  test("joins of any number of values", { timeout: 600_000 }, async () => {
    // One kernel folds them all: how many there are is tried with sums.
    const joins = { sum: [1, 2, 3, 9, 40], product: [2, 9], maximum: [2, 9] };
    const cases = list.flatMap((shape) =>
      Object.entries(joins).flatMap(([join, counts]) =>
        counts.map((count) => ({ shape, join, count, name: `${shape} ${join} of ${count}` })),
      ),
    );
    const calls = cases.map(
      ({ shape, join, count, name }) => `check_${join}<${count}>("${name}", {${shape}})`,
    );
    const names = cases.map(({ name }) => name);
    expect(faults(await runChecks("moves.hpp", calls), names)).toEqual([]);
  });
});

test("items beyond 32 bits are divided as those within", { timeout: 600_000 }, async () => {
  expect(await runChecks("divide.hpp", ["check_divide()"])).toEqual(["ok"]);
});
