/** One step of a network with every kind of layer, and calls alone, as PyTorch computes them in f64. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { backward } from "../../src/autodiff/backward.js";
import { GraphBuilder } from "../../src/autodiff/builder.js";
import { appendLosses, type OutputLoss } from "../../src/autodiff/loss.js";
import { trainingForm } from "../../src/autodiff/training-form.js";
import { trainingGraph } from "../../src/autodiff/training-graph.js";
import { buildGraph } from "../../src/graph/build.js";
import { parametersOf } from "../../src/graph/graph.js";
import type { Value } from "../../src/graph/value.js";
import { openSafetensors } from "../../src/checkpoints/open.js";
import { relativeL2 } from "../support/compare.js";
import { evaluateGraph, type Numbers } from "../../src/graph/evaluate.js";
import { squaredErrors } from "../support/gradients.js";
import { graphOf, networkOf } from "../support/network.js";
import { torchCases, torchSpec } from "../support/torch-fixtures.js";

const file = join(dirname(fileURLToPath(import.meta.url)), "fixtures/step.safetensors");

let tensors: Map<string, Numbers>;
let metadata: Readonly<Record<string, string>>;

beforeAll(async () => {
  const opened = await openSafetensors(file);
  metadata = opened.metadata;
  tensors = new Map();
  for (const name of opened.tensors.keys()) {
    tensors.set(name, Float64Array.from(await opened.readFloat32(name)));
  }
  await opened.close();
});

const losses: readonly OutputLoss[] = [
  { output: "prob", targets: "prob", kind: "cross_entropy" },
  { output: "box", targets: "box", kind: "mean_squared_error" },
  { output: "head", targets: "prob", kind: "cross_entropy" },
];

test("losses, gradients and running statistics are PyTorch's", () => {
  const graph = buildGraph(networkOf(metadata["spec"]!), { aux: true });
  const training = trainingGraph(graph, { losses });
  expect(training.unreached).toEqual([]);
  const factors = JSON.parse(metadata["losses"]!) as Readonly<Record<string, number>>;
  const given = ({ name }: Value): Numbers => {
    const [owner = "", what = ""] = name.split(":");
    if (what === "target") return tensors.get(owner)!;
    if (what === "loss_weight") return Float64Array.of(factors[owner]!);
    if (what === "smoothing") return Float64Array.of(Number(metadata["smoothing"]));
    return tensors.get("x")!;
  };
  const inputs = new Map(training.graph.inputs.map((value) => [value, given(value)]));
  const weights = new Map(
    parametersOf(graph).map(({ name }) => [name, tensors.get(`weight:${name}`)!]),
  );
  const numbers = evaluateGraph(training.graph, inputs, weights, 4);
  for (const { name, value } of training.graph.outputs) {
    expect(relativeL2(numbers(value), tensors.get(name)!), name).toBeLessThan(1e-6);
  }
  for (const { state, value } of training.graph.updates) {
    const expected = tensors.get(`state:${state.name}`)!;
    expect(relativeL2(numbers(value), expected), state.name).toBeLessThan(1e-6);
  }
  const names = (prefix: string): number =>
    [...tensors.keys()].filter((name) => name.startsWith(prefix)).length;
  expect(training.gradients.size).toBe(names("gradient:"));
  expect(training.graph.updates).toHaveLength(names("state:"));
});

describe("upsample", async () => {
  test.each(await torchCases("upsample"))("$call of $input", ({ x, y, target, dx, ...each }) => {
    const graph = graphOf(torchSpec({ x, y, ...each }));
    const b = new GraphBuilder(graph.nodes.flatMap(({ outputs }) => outputs));
    const became = trainingForm(graph, b, () => false);
    const outputs = graph.outputs.map((output) => ({ ...output, value: became(output.value) }));
    const { total, inputs } = appendLosses(b, outputs, squaredErrors(graph));
    const [input] = graph.inputs;
    const gradient = backward(b, total, new Set([input!])).get(input!)!;
    const given = ({ name }: Value): Numbers =>
      name.endsWith(":target") ? Float64Array.from(target!) : Float64Array.of(1);
    const feed = new Map(inputs.map((value) => [value, given(value)]));
    const training = { ...graph, nodes: b.made };
    const numbers = evaluateGraph(
      training,
      feed.set(input!, Float64Array.from(x)),
      new Map(),
      each.batch,
    );
    expect(relativeL2(numbers(outputs[0]!.value), y)).toBeLessThan(1e-7);
    expect(relativeL2(numbers(gradient), dx!)).toBeLessThan(1e-7);
  });
});
