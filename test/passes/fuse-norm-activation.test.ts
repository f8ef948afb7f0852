import { describe, expect, test } from "vitest";
import { savedValues } from "../../src/autodiff/saved.js";
import { trainingGraph } from "../../src/autodiff/training-graph.js";
import type { Graph } from "../../src/graph/graph.js";
import { verifyGraph } from "../../src/graph/verify.js";
import { fuseNormActivation } from "../../src/passes/fuse-norm-activation.js";
import type { PassResult } from "../../src/passes/pass.js";
import { cpuTrainingTarget } from "../../src/targets/cpu/target.js";
import { relativeL2 } from "../support/compare.js";
import { numbersFor, squaredErrors } from "../support/gradients.js";
import { evaluateGraph } from "../../src/graph/evaluate.js";
import { graphOf } from "../support/network.js";
import { nodeRows, traits } from "../support/passes.js";
import { Random } from "../support/random.js";
import { weightsFor } from "../support/weights.js";

const written = (body: string): Graph => graphOf(`model N { input x: f32[3, 5, 6] ${body} }`);

/** The pass on the training graph of a network; results and derivatives of a batch stay. */
function fused(body: string, on = traits): PassResult & { readonly before: Graph } {
  const graph = written(body);
  const losses = squaredErrors(graph);
  const before = trainingGraph(graph, { losses }).graph;
  const result = fuseNormActivation.run(before, on);
  expect(verifyGraph(result.graph)).toEqual([]);
  const weights = weightsFor(graph, 3);
  const random = new Random(3);
  const feed = new Map(
    before.inputs.map((value) => [value, numbersFor(value, 3, random, losses, graph)]),
  );
  const [was, is] = [before, result.graph].map((each) => evaluateGraph(each, feed, weights, 3));
  for (const [i, { name, value }] of before.outputs.entries()) {
    const now = is!(result.graph.outputs[i]!.value);
    expect(relativeL2(now, was!(value)), name).toBeLessThan(1e-12);
  }
  return { ...result, before };
}

const about = (graph: Graph): readonly string[] =>
  nodeRows(graph).filter((row) => /batchnorm|activation-gradient|relu|tanh|silu/.test(row));

const norm = "a: conv(1x1, 4, bias: false) -> batchnorm";

test("a rectifier joins the norm before it, and its derivative that of the norm", () => {
  const { graph, fired, refused, before } = fused(`${norm} -> relu  output y: conv(3x3, 2)`);
  const made = (of: Graph): readonly string[] =>
    about(of).filter((row) => / = (batchnorm|activation|relu)/.test(row));
  expect(made(before)).toHaveLength(4);
  expect(made(graph)).toEqual([
    "a.2 : 4 x 5x6, a.1:batchnorm-training:2 : 4, a.1:batchnorm-training:3 : 4, " +
      "a.1:batchnorm-training:4 : 4, a.1:batchnorm-training:5 : 4 = " +
      "batchnorm-training relu (a.0) weight a.1.weight bias a.1.bias running_mean a.1.running_mean " +
      "running_var a.1.running_var",
    "a.1:batchnorm-gradient : 4 x 5x6, a.1:batchnorm-gradient:2 : 4, " +
      "a.1:batchnorm-gradient:3 : 4 = batchnorm-gradient relu (a.0, y:conv-input-gradient) " +
      "weight a.1.weight mean a.1:batchnorm-training:2 inverse a.1:batchnorm-training:3 " +
      "bias a.1.bias",
  ]);
  expect(fired).toEqual([{ paths: ["a.1", "a.2"], what: "relu fused into the norm" }]);
  expect(refused).toEqual([]);
});

test.each(["relu", "sigmoid", "tanh"])("%s does, whatever else reads its result", (activation) => {
  const body = `${norm} -> ${activation}  output y: residual { conv(1x1, 4) }`;
  const { graph, fired } = fused(body);
  expect(fired).toHaveLength(1);
  expect(nodeRows(graph).join("\n")).not.toContain("activation-gradient");
});

test("a norm without weights has none to hand on", () => {
  const { graph } = fused("a: batchnorm(affine: false) -> relu  output y: conv(3x3, 2)");
  expect(about(graph).join()).not.toContain("bias");
});

test("a norm without a factor hands its offset on, and one without an offset none", () => {
  const rows = (norm: string) => about(fused(`a: ${norm} -> relu  output y: conv(3x3, 2)`).graph);
  expect(rows("batchnorm(scale: false)").join()).toMatch(
    /batchnorm-gradient relu .* bias a\.0\.bias/,
  );
  expect(rows("batchnorm(shift: false)").join()).not.toContain("bias");
});

test("a result that only a pool reads is kept no longer", () => {
  const { graph, before } = fused(`${norm} -> relu  output y: maxpool(2x2) -> conv(1x1, 2)`);
  const saved = (of: Graph): readonly string[] => savedValues(of).map(({ value }) => value.name);
  expect(saved(before)).toContain("a.2");
  expect(saved(graph)).not.toContain("a.2");
});

describe("it does not fuse", () => {
  const refusals = (body: string, on = traits): readonly string[] => {
    const { graph, before, refused } = fused(body, on);
    expect(nodeRows(graph)).toEqual(nodeRows(before));
    return refused.map(({ why }) => why);
  };

  test("an activation whose derivative is by its operand", () => {
    expect(refusals(`${norm} -> silu  output y: conv(3x3, 2)`)).toContain(
      "the norm's own value has other readers",
    );
  });

  test("where something else reads the norm", () => {
    const body = `${norm}  output y: residual { relu }`;
    expect(refusals(body)).toEqual(["the norm's own value has other readers"]);
  });

  test("what the target's norm lacks", () => {
    const on = cpuTrainingTarget({ level: "avx2", reference: false }).traits;
    expect(refusals(`${norm} -> tanh  output y: conv(3x3, 2)`, on)).toEqual([
      "cpu norms do not apply tanh",
    ]);
  });

  test("what follows no norm, or an activation", () => {
    expect(refusals("a: conv(1x1, 4) -> relu  output y: conv(3x3, 2)")).toEqual([]);
    const { graph } = fused(`${norm} -> relu -> tanh  output y: conv(3x3, 2)`);
    expect(about(graph).filter((row) => row.includes("= batchnorm"))).toHaveLength(2);
    expect(about(graph)).toContain("a.3 : 4 x 5x6 = tanh (a.2)");
  });
});

test("the derivative of a result that is not the norm's operand's stays as it is", () => {
  const graph = written(
    "a: batchnorm(affine: false) -> relu  output y: globalavgpool -> linear(2)",
  );
  const losses = squaredErrors(graph);
  const before = trainingGraph(graph, {
    losses,
    frozen: ({ name }) => !name.startsWith("y"),
  }).graph;
  const { graph: after } = fuseNormActivation.run(before, traits);
  expect(verifyGraph(after)).toEqual([]);
  expect(nodeRows(after).join("\n")).not.toContain("batchnorm-gradient");
});
