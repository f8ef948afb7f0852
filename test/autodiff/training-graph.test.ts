import { describe, expect, test } from "vitest";
import type { OutputLoss } from "../../src/autodiff/loss.js";
import { normOfOneValue } from "../../src/autodiff/one-value.js";
import { trainingGraph, type TrainingOptions } from "../../src/autodiff/training-graph.js";
import { buildGraph } from "../../src/graph/build.js";
import type { Graph } from "../../src/graph/graph.js";
import { printGraph } from "../../src/graph/print.js";
import type { Parameter } from "../../src/graph/value.js";
import { verifyGraph } from "../../src/graph/verify.js";
import { batchNormTraining } from "../../src/ops/training/batchnorm.js";
import { fuseActivation } from "../../src/passes/fuse-activation.js";
import { mergeSiblings } from "../../src/passes/merge-siblings.js";
import { checkGradients, squaredErrors } from "../support/gradients.js";
import { graphOf, networkOf } from "../support/network.js";
import { traits } from "../support/passes.js";

const of = (text: string): Graph =>
  buildGraph(networkOf(`model N { input x: f32[3, 4, 4] ${text} }`), { aux: true });

const trained = (graph: Graph, kind: OutputLoss["kind"], more: Partial<TrainingOptions> = {}) =>
  trainingGraph(graph, {
    losses: graph.outputs.map(({ name }) => ({ output: name, targets: name, kind })),
    ...more,
  });

describe("a loss of probabilities", () => {
  const operand = (text: string, kind: OutputLoss["kind"]): string | undefined => {
    const { graph } = trained(of(text), kind);
    expect(verifyGraph(graph).filter((problem) => !problem.includes("makes nothing"))).toEqual([]);
    const loss = graph.nodes.find(({ primitive }) =>
      /^(sigmoid-)?cross-entropy$/.test(primitive.name),
    );
    return loss?.inputs[0]?.name;
  };

  test.each([
    ["output y: globalavgpool -> linear(4) -> softmax", "cross_entropy", "y.1"],
    ["output y: globalavgpool -> linear(4) -> softmax -> identity", "cross_entropy", "y.1"],
    ["output y: globalavgpool -> linear(4) -> logsoftmax", "cross_entropy", "y.1"],
    ["output y: conv(1x1, 4) -> logsoftmax(axis: height)", "cross_entropy", "y.1"],
    ["output y: conv(1x1, 4) -> softmax(axis: width)", "cross_entropy", "y.1"],
    ["output y: globalavgpool -> conv(1x1, 4) -> softmax -> flatten", "cross_entropy", "y.1"],
    ["output y: globalavgpool -> linear(4) -> sigmoid", "sigmoid_cross_entropy", "y.1"],
    // These mix pixels, or are none.
    ["output y: conv(1x1, 4) -> softmax -> flatten", "cross_entropy", "y.2"],
    ["output y: globalavgpool -> linear(4)", "cross_entropy", "y.1"],
    ["output y: globalavgpool -> linear(4) -> softmax", "sigmoid_cross_entropy", "y.2"],
  ] as const)("of `%s` by %s takes %s", (text, kind, expected) => {
    expect(operand(text, kind)).toBe(expected);
  });
});

test.each([
  ["a: globalavgpool -> conv(1x1, 4, norm: batchnorm)", "a.1"],
  ["a: linear(4) -> batchnorm(affine: false)", "a.1"],
  ["a: conv(3x3, 4, norm: batchnorm) -> globalavgpool", undefined],
])("one image cannot train a norm of one value a channel: %s", (stage, expected) => {
  const graph = of(`${stage} output y: linear(2)`);
  expect(normOfOneValue(trained(graph, "mean_squared_error").graph)?.origin.paths[0]).toBe(
    expected,
  );
});

test("a frozen norm keeps its statistics, so that one image can", () => {
  const graph = of("a: globalavgpool -> conv(1x1, 4, norm: batchnorm) output y: linear(2)");
  const frozen = ({ name }: Parameter): boolean => name.startsWith("a.");
  expect(normOfOneValue(trained(graph, "mean_squared_error", { frozen }).graph)).toBeUndefined();
});

describe("what is frozen", () => {
  const graph = of(`a: conv(3x3, 4, norm: batchnorm, act: relu)
    b: conv(3x3, 4, bias: false) -> batchnorm(affine: false)
    output y: globalavgpool -> linear(2)`);
  const measuring = (frozen: (parameter: Parameter) => boolean): readonly string[] =>
    trained(graph, "mean_squared_error", { frozen })
      .graph.nodes.filter(({ primitive }) => primitive === batchNormTraining)
      .map(({ origin }) => origin.paths[0]!);

  test("gets no gradient, and a norm of frozen parameters keeps its statistics", () => {
    const frozen = ({ name }: Parameter): boolean => name.startsWith("a.");
    const { gradients, graph: training } = trained(graph, "mean_squared_error", { frozen });
    const names = [...gradients.keys()].map(({ name }) => name);
    expect(names).toEqual(["b.0.weight", "y.1.weight", "y.1.bias"]);
    expect(measuring(frozen)).toEqual(["b.1"]);
    expect(training.updates.map(({ state }) => state.name)).toEqual([
      "b.1.running_mean",
      "b.1.running_var",
    ]);
  });

  test("a norm that has nothing to learn measures all the same", () => {
    expect(measuring(() => false)).toEqual(["a", "b.1"]);
    expect(measuring(({ kind }) => kind === "parameter")).toEqual(["b.1"]);
  });

  test("the rule of such a norm agrees with difference quotients", () => {
    const checks = checkGradients(graph, {
      losses: squaredErrors(graph),
      seed: 1,
      batch: 2,
      frozen: () => true,
    });
    expect(checks.filter(({ worst }) => !(worst <= 2e-5))).toEqual([]);
  });
});

test("parameters that no loss hangs on are named", () => {
  const graph = of(`s: conv(3x3, 4)
    output y: globalavgpool -> linear(2)
    output z: from s -> globalavgpool -> linear(3)`);
  const losses = [{ output: "y", targets: "y", kind: "cross_entropy" }] as const;
  const { unreached } = trainingGraph(graph, { losses });
  expect(unreached.map(({ name }) => name)).toEqual(["z.1.weight", "z.1.bias"]);
});

describe("a convolution", () => {
  const text = `m: concat { a: conv(1x1, 4)  b: conv(1x1, 3, bias: false)  c: conv(3x3, 2) }
    output y: from m -> conv(1x1, 2)
    output z: from m -> globalavgpool`;

  test("of merged siblings is differentiated as one, be only one of them reached or all", () => {
    const { graph } = mergeSiblings.run(of(text), traits);
    expect(printGraph(graph)).toContain("conv 1x1 4+3");
    const checks = checkGradients(graph, { losses: squaredErrors(graph), seed: 1, batch: 2 });
    expect(checks.filter(({ worst }) => !(worst <= 2e-5))).toEqual([]);
    expect(checks.every(({ reached }) => reached)).toBe(true);
    const alone = of(
      "m: max { a: conv(1x1, 3)  b: conv(1x1, 3) } output y: from m -> conv(1x1, 2)",
    );
    const merged = mergeSiblings.run(alone, traits).graph;
    const more = checkGradients(merged, { losses: squaredErrors(merged), seed: 2, batch: 2 });
    expect(more.filter(({ worst }) => !(worst <= 2e-5))).toEqual([]);
  });

  test("that also applies its activation has no gradient: passes fuse afterwards", () => {
    const { graph } = fuseActivation.run(of("output y: conv(3x3, 4, act: relu)"), traits);
    expect(() => trained(graph, "mean_squared_error")).toThrow(
      "bug: a convolution with relu is differentiated",
    );
  });
});

test("one number a channel has no deviation to divide by", () => {
  const graph = graphOf("model N { input x: f32[3, 1, 1] output y: batchnorm }");
  const losses = squaredErrors(graph);
  expect(() => checkGradients(graph, { losses, seed: 1, batch: 1 })).toThrow(
    "a norm needs more than one value a channel to train",
  );
  expect(checkGradients(graph, { losses, seed: 1, batch: 2 })).toHaveLength(3);
});

test("an input may be called as anything, random too", () => {
  const text = "model N { input random: f32[3, 4, 4] output y: dropout(0.5) -> conv(1x1, 2) }";
  const { graph } = trained(graphOf(text), "mean_squared_error");
  expect(verifyGraph(graph)).toEqual([]);
  expect(graph.inputs.map(({ name }) => name)).toContain("training:random");
});
