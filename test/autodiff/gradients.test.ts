/** Every rule on random odd shapes, and whole networks, against central differences. */
import { describe, expect, test } from "vitest";
import type { OutputLoss } from "../../src/autodiff/loss.js";
import { primitives } from "../../src/ops/registry.js";
import { drawCases, families, specOf } from "../judges/operators/cases.js";
import { checkGradients, type GradientCase, squaredErrors } from "../support/gradients.js";
import { graphOf, networkOf } from "../support/network.js";
import { Random } from "../support/random.js";
import { buildGraph } from "../../src/graph/build.js";
import type { Graph } from "../../src/graph/graph.js";

/** The quotient has an error of its own, of about the root of f64's precision. */
const tolerance = 2e-5;

function expectRight(graph: Graph, of: Partial<GradientCase> = {}): readonly string[] {
  const losses = of.losses ?? squaredErrors(graph);
  const checks = checkGradients(graph, { seed: 3, batch: 2, ...of, losses });
  expect(checks.filter(({ worst }) => !(worst <= tolerance))).toEqual([]);
  return checks.filter(({ reached }) => reached).map(({ name }) => name);
}

test.each(Object.keys(families))("%s", (name) => {
  const graph = graphOf(specOf(drawCases(new Random(7), name, 4)));
  expect(expectRight(graph, { tries: 3 })).not.toEqual([]);
});

test("every primitive of the language trains", () => {
  const silent = [...primitives.values()].filter(
    (primitive) => primitive.gradient === undefined && primitive.training === undefined,
  );
  expect(silent.map(({ name }) => name)).toEqual([]);
});

describe("of a network", () => {
  const inception = `module Inc(n) {
    concat {
      c1: conv(1x1, n)
      c3: conv(1x1, 2) -> conv(3x3, 4)
      pool: maxpool(3x3/1, pad: same) -> conv(1x1, 2)
    }
  }
  defaults { conv { norm: batchnorm, act: relu } }
  model Net {
    input image: f32[3, 9, 9]
    s: conv(3x3/2, 4, pad: 1) -> maxpool(3x3/2, ceil: true) -> lrn(5, alpha: 0.5)
    i: Inc(3)
    aux head(weight: 0.3): globalavgpool -> linear(6) -> tanh -> dropout(0.5) -> linear(5) -> softmax
    r: repeat(2) { residual(scale: 0.17) { add { x: conv(1x1, in)  y: conv(3x3, in, groups: 3) } } -> silu }
    g: mul { x: identity  gate: globalavgpool -> conv(1x1, in, norm: none, act: sigmoid) }
    output prob: globalavgpool -> dropout(0.4) -> linear(5) -> softmax
    output box: from i -> avgpool(2x2/1, pad: 1, count_pad: false) -> flatten -> linear(4)
  }`;
  const graph = buildGraph(networkOf(inception), { aux: true });
  const entropy = (output: string, targets = output): OutputLoss => ({
    output,
    targets,
    kind: "cross_entropy",
  });

  test("with heads, joins, norms, dropout and two kinds of loss", () => {
    const losses: readonly OutputLoss[] = [
      entropy("prob"),
      { output: "box", targets: "box", kind: "mean_squared_error" },
      entropy("head", "prob"),
    ];
    const reached = expectRight(graph, { losses, batch: 3, tries: 3 });
    expect(reached).toContain("image");
    expect(reached).toHaveLength(1 + parameterCount(graph));
  });

  test("of which one output is trained, the others' parameters are not reached", () => {
    const reached = expectRight(graph, { losses: [entropy("prob")], tries: 2 });
    expect(reached.some((name) => /^(head|box)\./.test(name))).toBe(false);
    expect(reached).toContain("prob.2.weight");
  });

  test.each([
    ["class weights", { classWeights: true }],
    ["an ignored class", { ignore: 2 }],
    ["both", { classWeights: true, ignore: 1 }],
  ])("by cross-entropy with %s", (_, more) => {
    expectRight(graph, { losses: [{ ...entropy("prob"), ...more }], batch: 5, tries: 2 });
  });

  test("by a class a pixel, and by independent probabilities", () => {
    const segmenter = graphOf(
      "model S { input x: f32[3, 4, 5] output y: conv(3x3, 4) -> softmax }",
    );
    expectRight(segmenter, { losses: [entropy("y")] });
    const tagger = graphOf(
      "model T { input x: f32[3, 4, 5] output y: globalavgpool -> linear(6) }",
    );
    expectRight(tagger, {
      losses: [{ output: "y", targets: "y", kind: "sigmoid_cross_entropy" }],
    });
  });
});

const parameterCount = (graph: Graph): number =>
  new Set(
    graph.nodes.flatMap(({ weights }) =>
      Object.values(weights).filter(({ kind }) => kind === "parameter"),
    ),
  ).size;
