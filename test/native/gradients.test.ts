/**
 * The fast kernels of derivatives against what the primitives' definitions give in f64, on random
 * odd shapes and batches, the same to the bit on every number of threads. Inputs and expected
 * numbers go to the generated program in a file.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Taps } from "../../src/ops/conv2d-evaluate.js";
import type { Operand } from "../../src/ops/primitive.js";
import { elements, type Shape } from "../../src/ops/shape.js";
import { linear } from "../../src/ops/linear.js";
import { convInputGradient, convWeightGradient } from "../../src/ops/training/conv2d-gradient.js";
import {
  linearInputGradient,
  linearWeightGradient,
} from "../../src/ops/training/linear-gradient.js";
import { Random } from "../support/random.js";
import { marches, runNative, unrunnable } from "./compile.js";
import * as shapes from "./shapes.js";

/** One kernel on one layer. */
interface Case {
  readonly type: string;
  readonly layer: string;
  readonly family: string;
  readonly algorithm: string;
  readonly images: number;
  /** Its operands and the result, as the file has them. */
  readonly numbers: readonly Float32Array[];
}

/** The calls of a descriptor's text by their names: `.kernel(3, 1)` is kernel: [3, 1]. */
const callsOf = (text: string): Readonly<Record<string, readonly number[]>> =>
  Object.fromEntries(
    [...text.matchAll(/\.(\w+)\(([^)]*)\)/g)].map(([, name, args]) => [
      name!,
      args!.split(",").map(Number),
    ]),
  );

interface ConvLayer extends Taps {
  readonly x: Shape;
  readonly y: Shape;
  readonly weight: Shape;
}

function convLayer(text: string): ConvLayer {
  const { input, output, kernel, stride, pad, dilation, groups = [1] } = callsOf(text);
  const [top, left, bottom, right] = pad as [number, number, number, number];
  const pairs = { kernel, stride, dilation } as unknown as Pick<
    Taps,
    "kernel" | "stride" | "dilation"
  >;
  return {
    ...pairs,
    pads: { top, left, bottom, right },
    groups: groups[0]!,
    channels: output![0]!,
    x: input!,
    y: output!,
    weight: [output![0]!, input![0]! / groups[0]!, ...kernel!],
  };
}

const single = (values: ArrayLike<number>): Float32Array => Float32Array.from(values);

/** Numbers that f32 holds. */
const operand = (random: Random, shape: Shape, images = 1, low = -1): Operand => ({
  shape,
  data: Float64Array.from(single(random.floats(images * elements(shape), low))),
});

const convText = (next: shapes.Random, kind: shapes.ConvKind): string =>
  shapes.conv(next, kind).replace(/\.(?!planar)\w+\(\)$/, "");

/** A column that strides are larger than: its rows touch, and the columns that they skip are not there. */
const narrow =
  "Conv{}.input(18, 9, 1).output(20, 9, 1).kernel(3, 1).stride(1, 2).pad(1, 0, 1, 0).dilation(1, 1)";

/** More rows than are summed at once. */
const tall = (inputs: number): string =>
  `Conv{}.input(${inputs}, 33, 40).output(20, 33, 40).kernel(3, 3).stride(1, 1)` +
  `.pad(1, 1, 1, 1).dilation(1, 1)`;

function convWeightCase(next: shapes.Random, layer: string, algorithm: string): Case {
  const { x, y, weight, ...taps } = convLayer(layer);
  const images = next(1, 5);
  const random = new Random(next(1, 1000));
  const inputs = [operand(random, x, images), operand(random, y, images)];
  const attrs = { ...taps, shape: weight };
  const [dw] = convWeightGradient.evaluate({ inputs, weights: {} }, attrs, images);
  const numbers = [...inputs.map(({ data }) => data), dw!].map(single);
  return { type: "Conv", layer, family: "conv_weight", algorithm, images, numbers };
}

function convInputCase(next: shapes.Random, kind: shapes.ConvKind, algorithm: string): Case {
  const layer = convText(next, kind);
  const { x, y, weight, ...taps } = convLayer(layer);
  const images = next(1, 3);
  const random = new Random(next(1, 1000));
  const [dy, w] = [operand(random, y, images), operand(random, weight)];
  const operands = { inputs: [dy], weights: { weight: w } };
  const [dx] = convInputGradient.evaluate(operands, { ...taps, shape: x }, images);
  const numbers = [dy.data, w.data, dx!].map(single);
  return { type: "Conv", layer, family: "conv_input", algorithm, images, numbers };
}

/** The three of one layer: more images, features and inputs than fit a tile, and just one. */
function linearCases(next: shapes.Random): readonly Case[] {
  const [n, features] = [
    shapes.pick(next, [1, 10, 33, 100, 1030]),
    shapes.pick(next, [1, 3, 10, 100, 257]),
  ];
  const images = shapes.pick(next, [1, 2, 3, 5, 17, 300]);
  const random = new Random(next(1, 1000));
  // A result may be a single sum: that it nearly cancels would be no fault of a kernel.
  const positive = (shape: Shape, of = 1): Operand => operand(random, shape, of, 0);
  const [x, dy] = [positive([n], images), positive([features], images)];
  const [weight, bias] = [positive([features, n]), positive([features])];
  const of = (family: string, ...numbers: readonly Float64Array[]): Case => ({
    type: "Linear",
    layer: `Linear{}.vector(${n}).features(${features})`,
    family,
    algorithm: "",
    images,
    numbers: numbers.map(single),
  });
  const [y] = linear.evaluate(
    { inputs: [x], weights: { weight, bias } },
    { features, bias: true },
    images,
  );
  const [dx] = linearInputGradient.evaluate(
    { inputs: [dy], weights: { weight } },
    { shape: [n] },
    images,
  );
  const [dw] = linearWeightGradient.evaluate({ inputs: [x, dy], weights: {} }, {}, images);
  return [
    of("linear_batch", x.data, weight.data, bias.data, y!),
    of("linear_input", dy.data, weight.data, dx!),
    of("linear_weight", x.data, dy.data, dw!),
  ];
}

type Of = readonly [shapes.ConvKind, string];

const weightKinds: readonly Of[] = [
  ["dense", "BlockedWeights"],
  ["pointwise", "BlockedWeights"],
  ["grouped", "BlockedWeights"],
  ["depthwise", "DepthwiseWeights"],
  ["planar", "PlanarWeights"],
];
const inputKinds: readonly Of[] = [
  ["dense", "GatherGroups"],
  ["pointwise", "GatherGroups"],
  ["grouped", "GatherGroups"],
  ["depthwise", "GatherChannels"],
];

const several = (count: number, make: () => readonly Case[]): readonly Case[] =>
  Array.from({ length: count }, make).flat();

const families: Readonly<Record<string, (next: shapes.Random) => readonly Case[]>> = {
  "a convolution's weight": (next) =>
    [
      ...several(6, () =>
        weightKinds.map(([kind, name]) => convWeightCase(next, convText(next, kind), name)),
      ),
      // Half a block of outputs, alone and after a whole one.
      ...[8, 24, 25].map((outputs) => {
        const layer = convText(next, "dense").replace(/output\(\d+/, `output(${outputs}`);
        return convWeightCase(next, layer, "BlockedWeights");
      }),
      convWeightCase(next, tall(18), "BlockedWeights"),
      convWeightCase(next, narrow, "BlockedWeights"),
      convWeightCase(next, `${tall(3)}.planar()`, "PlanarWeights"),
      convWeightCase(next, `${tall(20)}.groups(20)`, "DepthwiseWeights"),
    ],
  "a convolution's input": (next) =>
    several(6, () => inputKinds.map((of) => convInputCase(next, ...of))),
  "a linear layer": (next) => several(6, () => linearCases(next)),
};

const nameOf = ({ layer, algorithm, images }: Case): string =>
  `${layer} ${algorithm} of ${images}`;

const program = (cases: readonly Case[]): string =>
  [
    '#include "check_gradient.hpp"',
    "using namespace incept;",
    "using namespace incept::cpu;",
    ...cases.map(({ type, layer }, i) => `static constexpr ${type} case_${i} = ${layer};`),
    "int main() {",
    "  check::Cases cases(CASES);",
    ...cases.map(
      ({ family, algorithm, images, ...rest }, i) =>
        `  check::check_${family}<case_${i}${algorithm && `, ${algorithm}`}>` +
        `(${JSON.stringify(nameOf({ family, algorithm, images, ...rest }))}, ${images}, cases);`,
    ),
    "}",
  ].join("\n");

describe("fast derivatives agree with their definition", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "incept-gradients-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  for (const [family, generate] of Object.entries(families))
    for (const [index, march] of marches.entries())
      test(`${family}, -march=${march}`, { timeout: 600_000 }, async ({ skip }) => {
        const why = await unrunnable(march);
        skip(why !== undefined, why);
        const cases = generate(shapes.random(2000 + index));
        const file = join(folder, `${index}`);
        const numbers = cases.flatMap((one) => one.numbers.map(({ buffer }) => Buffer.from(buffer)));
        await writeFile(file, Buffer.concat(numbers));
        const lines = await runNative(program(cases), march, [`-DCASES=${JSON.stringify(file)}`]);
        expect(lines.filter((line) => !line.startsWith("ok "))).toEqual([]);
        expect(lines).toHaveLength(4 * cases.length);
      });
});
