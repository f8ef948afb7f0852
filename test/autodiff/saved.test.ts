/** What derivatives find of the way to the losses. */
import { describe, expect, test } from "vitest";
import { recomputeCheap, savedValues } from "../../src/autodiff/saved.js";
import { trainingGraph } from "../../src/autodiff/training-graph.js";
import { buildGraph } from "../../src/graph/build.js";
import type { Graph } from "../../src/graph/graph.js";
import { verifyGraph } from "../../src/graph/verify.js";
import { planMemory } from "../../src/plan/memory.js";
import { checkGradients, squaredErrors } from "../support/gradients.js";
import { planar } from "../support/layouts.js";
import { networkOf } from "../support/network.js";
import { checkPlan } from "../support/plan-check.js";

const written = (body: string): Graph =>
  buildGraph(
    networkOf(`model N { input x: f32[3, 6, 6] ${body} output y: globalavgpool -> linear(2) }`),
  );

const trained = (body: string): Graph => {
  const losses = [{ output: "y", targets: "y", kind: "mean_squared_error" }] as const;
  return trainingGraph(written(body), { losses }).graph;
};

const names = (graph: Graph): readonly string[] =>
  savedValues(graph).map(({ value, again }) => `${value.name}${again ? ", again" : ""}`);

describe("what derivatives read", () => {
  test("is the result of a rectifier, and of a pool where its maxima were", () => {
    expect(names(trained("a: conv(3x3, 4) -> relu -> maxpool(2x2)"))).toEqual([
      "a.1",
      "a.2:maxpool-taps:2",
      "y.0",
      "y.1",
    ]);
  });

  test("is a norm's operand with its mean and deviation, and of a dropout nothing", () => {
    expect(names(trained("a: conv(3x3, 4) -> batchnorm -> dropout(0.5)"))).toEqual([
      "a.0",
      "a.1:batchnorm-training:2",
      "a.1:batchnorm-training:3",
      "y.0",
      "y.1",
    ]);
  });

  test("is the operand of a silu, whose result is computed again", () => {
    const graph = trained("a: conv(3x3, 4) -> silu b: conv(3x3, 5)");
    expect(names(graph)).toEqual(["a.0", "y.0", "y.1", "a.1:again, again"]);
    expect(verifyGraph(graph).filter((problem) => !problem.includes("makes nothing"))).toEqual([]);
    expect(recomputeCheap(graph)).toBe(graph);
  });
});

describe("a result that is computed again", () => {
  const deep = [..."abcdef"].map((name) => `${name}: conv(3x3, 8, pad: same) -> silu`).join(" ");

  test("changes no derivative", () => {
    const graph = written("a: conv(3x3, 4) -> silu b: conv(3x3, 5) -> silu");
    const checks = checkGradients(graph, { losses: squaredErrors(graph), seed: 4, batch: 2 });
    expect(checks.filter(({ worst }) => worst > 1e-6)).toEqual([]);
  });

  test("comes late, so that each layer keeps one tensor and not two", () => {
    const graph = trained(deep);
    const plan = planMemory(graph, { ...planar, workspace: () => 0 });
    expect(checkPlan(plan)).toEqual([]);
    const early = graph.nodes.map(({ late: _, ...node }) => node);
    const kept = planMemory({ ...graph, nodes: early }, { ...planar, workspace: () => 0 });
    const tensor = 4 * 8 * 36;
    expect(plan.arenaBytes).toBeLessThan(kept.arenaBytes - 3 * tensor);
    for (const { node, level } of plan.nodes.filter((each) => each.node.late === true)) {
      const readers = plan.nodes.filter((each) => each.node.inputs.includes(node.outputs[0]!));
      expect(Math.min(...readers.map((each) => each.level))).toBe(level + 1);
    }
  });
});
