/**
 * Every reference of training against its primitive's definition in f64, on what random odd layers,
 * losses and batches of 1 to 5 give it; each by one thread and by three.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { Node } from "../../../src/graph/graph.js";
import type { Value } from "../../../src/graph/value.js";
import { fuseNormActivation } from "../../../src/passes/fuse-norm-activation.js";
import { primitives } from "../../../src/ops/registry.js";
import { cpuKernels } from "../../../src/targets/cpu/list.js";
import { trainingKernels } from "../../../src/targets/cpu/training-list.js";
import { drawCases, families, specOf } from "../../judges/operators/cases.js";
import { relativeL2 } from "../../support/compare.js";
import { GraphWriter } from "../../support/graphs.js";
import type { Numbers } from "../../../src/graph/evaluate.js";
import { graphOf } from "../../support/network.js";
import { Random } from "../../support/random.js";
import { runNative } from "../compile.js";
import { Arenas } from "./arenas.js";
import { expectedOf, lossesOf, type NodeCase, nodesOf, touchesImages } from "./nodes.js";
import { programOf } from "./program.js";

const random = new Random(11);

/** Calls of each operator, more of those with windows; a norm needs more than one number a channel. */
const drawn = Object.keys(families).flatMap((name, i) => {
  const count = ["conv", "maxpool", "avgpool"].includes(name) ? 4 : 2;
  const graph = graphOf(specOf(drawCases(random, name, count)));
  const batch = name === "batchnorm" ? 2 + (i % 4) : 1 + (i % 5);
  return nodesOf(name, random, { graph, losses: lossesOf(graph, "mean_squared_error"), batch });
});

const image = (text: string) => graphOf(`model N { input x: f32[5, 6, 7]  ${text} }`);
const conv = image("output y: conv(1x1, 5)");
const vector = image("output y: linear(7) -> softmax  output z: conv(3x3, 4) -> softmax");
const norm = image("c: conv(1x1, 3)  output y: batchnorm(eps: 1e-3)");
const plainNorm = image("c: conv(1x1, 3)  output y: batchnorm(affine: false)");
const unscaled = image("c: conv(1x1, 3)  output y: batchnorm(scale: false) -> relu");
const rectified = image("c: conv(1x1, 3)  output y: batchnorm -> relu");
const bent = image("c: conv(1x1, 3)  output y: batchnorm(affine: false) -> tanh");
/** A number a channel that is spread over the image. */
const gated = image(`c: conv(1x1, 3)
  output y: mul { x: identity  gate: globalavgpool -> sigmoid }`);
/** More taps than a byte tells apart. */
const wide = graphOf(
  "model N { input x: f32[2, 19, 18]  c: conv(1x1, 2)  output y: maxpool(17x17/2, pad: 8, ceil: true) }",
);
/** Windows that hang over the image, over its padding, over both. */
const hanging = image(`d: conv(1x1, 3)
  output a: from d -> avgpool(3x4/2, ceil: true)
  output b: from d -> avgpool(4x4/3x2, pad: 1, ceil: true)
  output c: from d -> avgpool(4x4/3x2, pad: 1, ceil: true, count_pad: false)
  output e: from d -> maxpool(4x4/3x3, pad: 1, ceil: true)`);
/** A tie where numbers are few; NaN stays where it is. */
const local = image(`d: depthwise(1x1, bias: false)
  output a: from d -> maxpool(3x3/2, pad: 1)
  output b: from d -> relu
  output c: from d -> max { l: identity  r: relu  s: scale(-1) }`);
/** Of what no loss hangs on, the derivative is zero. */
const siblings = new GraphWriter([3, 5, 4]);
const { a } = siblings.siblings(siblings.input, { a: 4, b: 2 });
const lone = siblings.output(a).graph();

const few = (at: number): number => (at % 17 === 5 ? NaN : ((at * 7) % 5) / 2 - 1);
const frozen = ({ name }: { readonly name: string }): boolean => name.startsWith("y");

const chosen = [
  nodesOf("class indices", random, {
    graph: vector,
    losses: lossesOf(vector, "cross_entropy"),
    batch: 4,
  }),
  nodesOf("weighted classes", random, {
    graph: vector,
    losses: lossesOf(vector, "cross_entropy", { classWeights: true, ignore: 1 }),
    batch: 5,
  }),
  nodesOf("logits", random, {
    graph: conv,
    losses: lossesOf(conv, "sigmoid_cross_entropy"),
    batch: 3,
  }),
  nodesOf("a frozen norm", random, {
    graph: norm,
    losses: lossesOf(norm, "mean_squared_error"),
    batch: 3,
    frozen,
  }),
  nodesOf("a norm that learns nothing", random, {
    graph: plainNorm,
    losses: lossesOf(plainNorm, "mean_squared_error"),
    batch: 3,
  }),
  ...[rectified, unscaled, bent].map((graph) =>
    nodesOf("a norm with its activation", random, {
      graph,
      losses: lossesOf(graph, "mean_squared_error"),
      batch: 3,
      pass: fuseNormActivation,
    }),
  ),
  nodesOf("a wide pool", random, {
    graph: wide,
    losses: lossesOf(wide, "mean_squared_error"),
    batch: 2,
  }),
  nodesOf("hanging windows", random, {
    graph: hanging,
    losses: lossesOf(hanging, "mean_squared_error"),
    batch: 3,
  }),
  nodesOf("ties and NaN", random, {
    graph: local,
    losses: lossesOf(local, "mean_squared_error"),
    batch: 2,
    input: few,
  }),
  nodesOf("siblings", random, {
    graph: lone,
    losses: lossesOf(lone, "mean_squared_error"),
    batch: 2,
  }),
  nodesOf("a gate", random, {
    graph: gated,
    losses: lossesOf(gated, "mean_squared_error"),
    batch: 2,
  }),
].flat();

/** What inference computes too is judged there, but for what there is one of a batch. */
const isOfTraining = ({ node }: NodeCase): boolean =>
  !primitives.has(node.primitive.name) || !touchesImages(node);

const described = ({ primitive, attrs, inputs, outputs }: Node): string =>
  JSON.stringify([primitive.name, attrs, ...[...inputs, ...outputs].map(({ shape }) => shape)]);

/** One of several that are alike. */
const cases = [
  ...new Map(
    [...drawn, ...chosen]
      .filter(isOfTraining)
      .map((one, i) => [`${described(one.node)} ${i < drawn.length ? "" : one.name}`, one]),
  ).values(),
].map((one, i) => ({
  ...one,
  name: `${i}: ${one.name}`,
  arenas: new Arenas(one.node, one.batch, (at) => `v${i}_${at}`),
  kernel: cpuKernels.find(
    ({ primitive, reference }) => reference && primitive === one.node.primitive.name,
  )!,
}));

/** By case: both arenas as each of the teams left them. */
let left: readonly (readonly Buffer[])[] = [];
const teams = 2;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), "incept-references-"));
  try {
    const files = [join(folder, "given"), join(folder, "made")] as const;
    await writeFile(files[0], Buffer.concat(cases.map((one) => one.arenas.filled(one.numbers))));
    await runNative(programOf(cases, files), "native", ["-O1"]);
    const made = await readFile(files[1]);
    let from = 0;
    left = cases.map(({ arenas: { bytes } }) =>
      Array.from({ length: teams }, () => made.subarray(from, (from += bytes))),
    );
    expect(from).toBe(made.length);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

/** Against the floats next to what is right; integers are exact. */
function expectClose(value: Value, got: Numbers, exact: Numbers, tolerance: number): void {
  if (value.dtype !== "f32") expect(got).toEqual(exact);
  else expect(relativeL2(got, exact.map(Math.fround))).toBeLessThanOrEqual(tolerance);
}

describe("as the definition says, computes", () => {
  test.each(cases.map((one, i) => [one.name, one, i] as const))("%s", (_, one, i) => {
    const { node, arenas } = one;
    const [alone, three] = left[i] as readonly [Buffer, Buffer];
    for (const [at, expected] of expectedOf(one).entries()) {
      const value = node.outputs[at]!;
      expectClose(value, arenas.read(alone, value), expected, node.primitive.tolerance);
    }
    // Whoever computes it, and nothing else changes.
    expect(three.equals(alone)).toBe(true);
    const rest = (buffer: Buffer): Buffer => arenas.without(buffer, node.outputs);
    expect(rest(alone).equals(rest(arenas.filled(one.numbers)))).toBe(true);
  });
});

test("every kernel of training is judged", () => {
  const judged = new Set(cases.map(({ kernel }) => kernel.name));
  const references = trainingKernels.filter(({ reference }) => reference);
  expect(references.map(({ name }) => name).filter((name) => !judged.has(name))).toEqual([]);
});
