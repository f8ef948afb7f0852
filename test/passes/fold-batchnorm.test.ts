import { describe, expect, test } from "vitest";
import { runNodes } from "../../src/graph/graph.js";
import { printGraph } from "../../src/graph/print.js";
import { activationPrimitives } from "../../src/ops/activations.js";
import { linear } from "../../src/ops/linear.js";
import { foldBatchNorm } from "../../src/passes/fold-batchnorm.js";
import { GraphWriter } from "../support/graphs.js";
import { nodeRows, runPass } from "../support/passes.js";

const { relu } = activationPrimitives;

test("a batchnorm is folded into the weights of the convolution before it", () => {
  const w = new GraphWriter([3, 6, 5]);
  const a = w.conv("a", w.input, 4, { size: 3, bias: false });
  const { graph, fired } = runPass(foldBatchNorm, w.output(w.batchNorm("b", a)).graph());
  expect(printGraph(graph)).toBe(`Test (image : 3 x 6x5) -> b
prepare a.weight:folded : 4 x 3 x 3 x 3, a.bias:folded : 4 = fold-batchnorm eps 0.001 weight a.weight gamma b.weight beta b.bias mean b.running_mean variance b.running_var
b : 4 x 6x5 = conv 3x3 4 pad 1 (image) weight a.weight:folded bias a.bias:folded
`);
  const what = "batchnorm folded into the convolution's weights";
  expect(fired).toEqual([{ paths: ["a", "b"], what }]);
});

test("a bias, groups, and a batchnorm that is not affine fold too", () => {
  const w = new GraphWriter([4, 6, 5]);
  const a = w.conv("a", w.input, 6, { size: 3, groups: 2 });
  const { graph } = runPass(foldBatchNorm, w.output(w.batchNorm("b", a, false)).graph());
  expect(runNodes(graph)).toHaveLength(1);
});

test.each([
  ["factor", false, true, "weight a.weight beta b.bias mean"],
  ["offset", true, false, "weight a.weight gamma b.weight mean"],
])("a batchnorm without a %s folds what it has", (_, scale, shift, operands) => {
  const w = new GraphWriter([3, 6, 5]);
  const a = w.conv("a", w.input, 4, { bias: false });
  const { graph } = runPass(foldBatchNorm, w.output(w.batchNorm("b", a, scale, shift)).graph());
  expect(runNodes(graph)).toHaveLength(1);
  expect(printGraph(graph)).toContain(`fold-batchnorm eps 0.001 ${operands} b.running_mean`);
});

test("into a linear too, with a bias or without", () => {
  const w = new GraphWriter([3, 6, 5]);
  const a = w.node("a", linear, [w.input], { features: 5, bias: false });
  const b = w.node("b", linear, [w.batchNorm("n", a)], { features: 4, bias: true });
  const { graph, fired } = runPass(foldBatchNorm, w.output(w.batchNorm("y", b)).graph());
  expect(nodeRows(graph)).toEqual([
    "n : 5 = linear 5 (image) weight a.weight:folded bias a.bias:folded",
    "y : 4 = linear 4 (n) weight b.weight:folded bias b.bias:folded",
  ]);
  expect(fired[0]!.what).toBe("batchnorm folded into the linear's weights");
});

test("two batchnorms fold one after the other", () => {
  const w = new GraphWriter([3, 6, 5]);
  const a = w.batchNorm("b", w.conv("a", w.input, 4));
  const { graph } = runPass(foldBatchNorm, w.output(w.batchNorm("c", a)).graph());
  expect(nodeRows(graph)).toEqual([
    "c : 4 x 6x5 = conv 1x1 4 (image) weight a.weight:folded:folded bias a.bias:folded:folded",
  ]);
});

test("what it prepares is named after the weight, whatever the step is called", () => {
  const w = new GraphWriter([3, 6, 5]);
  const a = w.batchNorm("b", w.conv("weighted.weight:folded", w.input, 4));
  const { graph } = runPass(foldBatchNorm, w.output(a).graph());
  expect(graph.nodes[0]!.outputs.map(({ name }) => name)).toEqual([
    "weighted.weight:folded.weight:folded",
    "weighted.weight:folded.bias:folded",
  ]);
});

describe("it does not fold", () => {
  const refusals = (graph: ReturnType<GraphWriter["graph"]>): readonly string[] => {
    const result = runPass(foldBatchNorm, graph);
    expect(nodeRows(result.graph)).toEqual(nodeRows(graph));
    return result.refused.map(({ why }) => why);
  };

  test("where the convolution's value has another reader", () => {
    const w = new GraphWriter([3, 6, 5]);
    const a = w.conv("a", w.input, 4);
    const graph = w.output(w.concat("c", a, w.batchNorm("b", a))).graph();
    expect(refusals(graph)).toEqual(["the convolution's own value has other readers"]);
  });

  test("where the convolution's value is returned", () => {
    const w = new GraphWriter([3, 6, 5]);
    const a = w.conv("a", w.input, 4);
    const graph = w.output(w.batchNorm("b", a)).output(a).graph();
    expect(refusals(graph)).toEqual(["a run returns the convolution's own value"]);
  });

  test("past an activation, into a concat or into nothing", () => {
    const w = new GraphWriter([3, 6, 5]);
    const a = w.node("r", relu, [w.conv("a", w.input, 4)], {});
    const b = w.batchNorm("b", a);
    const c = w.batchNorm("c", w.concat("join", b, w.batchNorm("d", w.input)));
    const e = w.batchNorm("e", w.conv("s", c, 2, { activation: "relu" }));
    expect(refusals(w.output(e).graph())).toEqual([
      "follows relu, not a convolution or linear",
      "follows the network's input",
      "follows concat, not a convolution or linear",
      "the convolution already applies relu",
    ]);
  });
});
