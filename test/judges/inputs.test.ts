/** Networks of several inputs on every target, passes on and as written, against ONNX Runtime. */
import { afterAll, expect, test } from "vitest";
import { buildGraph } from "../../src/graph/build.js";
import type { Graph } from "../../src/graph/graph.js";
import { inputValue } from "../../src/graph/value.js";
import { exportOnnx } from "../../src/onnx/export.js";
import { activationPrimitives } from "../../src/ops/activations.js";
import { elements } from "../../src/ops/shape.js";
import { relativeL2 } from "../support/compare.js";
import { GraphWriter } from "../support/graphs.js";
import { networkOf, randomWeights } from "../support/network.js";
import { OnnxModel } from "../support/onnxruntime.js";
import { QuickBuilder, type Variant } from "../support/quick-build.js";
import { Random } from "../support/random.js";

const builder = new QuickBuilder();
afterAll(() => builder[Symbol.dispose]());

const batch = 3;

/** Two images that an activation reads at once, then a join and a convolution each alone. */
function twoImages(): Graph {
  const w = new GraphWriter([5, 6, 7]);
  const other = inputValue("other", [5, 6, 7]);
  const sum = w.add("sum", w.input, other);
  const left = w.conv("left", other, 16, { size: 3 });
  const right = w.node("right", activationPrimitives.sigmoid, [w.input], {});
  w.output(w.concat("all", left, sum, right)).output(w.conv("again", w.input, 3));
  const graph = w.output(other, "same").graph();
  return { ...graph, inputs: [...graph.inputs, other] };
}

/** The stream begins with the first; the others are read where something opens with their names. */
const spec = `model Two {
  input image: f32[5, 6, 7]
  input mask: f32[1, 6, 7]
  input hint: f32[9]
  gate: from mask -> conv(1x1, 5, act: sigmoid)
  seen: mul { image: from image -> identity  gate: identity }
  told: from hint -> linear(6) -> relu
  all: concat {
    seen: from seen -> conv(3x3, 16, act: relu) -> globalavgpool -> flatten
    told: from told -> identity
  }
  output scores: linear(4) as fc
  output again: from image -> conv(3x3, 3)
}`;

const variants: readonly Variant[] = [
  { passes: true },
  { passes: false },
  { passes: true, target: "cuda-sim" },
];

test.each(variants)("two images, %o", { timeout: 300_000 }, async (variant) => {
  const graph = twoImages();
  const weights = randomWeights(graph, 1);
  const random = new Random(2);
  const x = graph.inputs.map(({ shape }) => random.floats(batch * elements(shape), -2, 2));
  const onnx = await OnnxModel.open(graph, exportOnnx(graph, weights));
  const expected = await onnx.run(x, batch);
  await onnx.close();
  // Only names and places of the spec are taken from it.
  const named = networkOf("model Test { input image: f32[5, 6, 7] output y: identity }");
  const network = await builder.build(named, variant, graph);
  const actual = await network.run(x, weights);
  expect([...actual.keys()]).toEqual(["all", "again", "same"]);
  for (const [name, values] of actual) {
    expect(relativeL2(values, expected.get(name)!), name).toBeLessThanOrEqual(1e-6);
  }
});

test.each(variants)("three inputs of a spec, %o", { timeout: 300_000 }, async (variant) => {
  const named = networkOf(spec);
  const graph = buildGraph(named);
  const weights = randomWeights(graph, 3);
  const random = new Random(4);
  const x = graph.inputs.map(({ shape }) => random.floats(batch * elements(shape), -2, 2));
  const onnx = await OnnxModel.open(graph, exportOnnx(graph, weights));
  const expected = await onnx.run(x, batch);
  await onnx.close();
  const network = await builder.build(named, variant, graph);
  const actual = await network.run(x, weights);
  expect([...actual.keys()]).toEqual(["scores", "again"]);
  for (const [name, values] of actual) {
    expect(relativeL2(values, expected.get(name)!), name).toBeLessThanOrEqual(1e-6);
  }
});
