/** The plan of a training step: what there is one of a run lies in an arena of its own. */
import { expect, test } from "vitest";
import { trainingGraph } from "../../src/autodiff/training-graph.js";
import { buildGraph } from "../../src/graph/build.js";
import { planMemory } from "../../src/plan/memory.js";
import type { Plan } from "../../src/plan/plan.js";
import { networkOf } from "../support/network.js";
import { blocked, planar, shared } from "../support/layouts.js";
import { checkPlan } from "../support/plan-check.js";

const spec = `model N {
  input image: f32[3, 8, 8]
  a: conv(3x3, 16, norm: batchnorm, act: relu) -> maxpool(2x2)
  b: concat { l: conv(1x1, 16, act: relu)  r: conv(3x3, 16, norm: batchnorm, act: silu) -> dropout(0.5) }
  output y: globalavgpool -> linear(4)
}`;

const planned = (channels = 16): Plan => {
  const text = spec.replaceAll("16", `${channels}`);
  const losses = [{ output: "y", targets: "y", kind: "cross_entropy" }] as const;
  const { graph } = trainingGraph(buildGraph(networkOf(text)), { losses });
  return planMemory(graph, planar);
};

test("no two values that live at once share bytes", () => {
  expect(checkPlan(planned())).toEqual([]);
  for (const rule of [blocked(16), shared(16)])
    expect(checkPlan(planMemory(planned().graph, rule))).toEqual([]);
});

test("the arenas hold what their extent says", () => {
  const { values, arenaBytes, batchBytes } = planned();
  const extents = [...values.values()].flatMap(({ value, place }) =>
    place.kind === "arena" ? [[value.extent, place.extent]] : [],
  );
  expect(extents.every(([own, arena]) => own === arena)).toBe(true);
  expect(new Set(extents.map(([own]) => own))).toEqual(new Set(["image", "batch"]));
  expect(arenaBytes).toBeGreaterThan(0);
  expect(batchBytes).toBeGreaterThan(0);
});
