/** One step of a network with every kind of layer, as PyTorch computes it in f64. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import type { OutputLoss } from "../../src/autodiff/loss.js";
import { trainingGraph } from "../../src/autodiff/training-graph.js";
import { buildGraph } from "../../src/graph/build.js";
import { parametersOf } from "../../src/graph/graph.js";
import type { Value } from "../../src/graph/value.js";
import { openSafetensors } from "../../src/checkpoints/open.js";
import { relativeL2 } from "../support/compare.js";
import { evaluateGraph, type Numbers } from "../../src/graph/evaluate.js";
import { networkOf } from "../support/network.js";

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
