/** Plans for targets whose steps wait for what they read alone, and run beside all else. */
import { describe, expect, test } from "vitest";
import { buildGraph } from "../../src/graph/build.js";
import { type Graph, isNode } from "../../src/graph/graph.js";
import { activationPrimitives } from "../../src/ops/activations.js";
import { conv2d } from "../../src/ops/conv2d.js";
import { runPasses } from "../../src/passes/run.js";
import { planMemory } from "../../src/plan/memory.js";
import type { LayoutRule, Place, PlacedValue, Plan } from "../../src/plan/plan.js";
import { channelsLast } from "../../src/targets/cuda/kernel.js";
import { convNumbers, isTogether } from "../../src/targets/cuda/scratch.js";
import { cudaTarget } from "../../src/targets/cuda/target.js";
import { GraphWriter } from "../support/graphs.js";
import { networkOf } from "../support/network.js";
import { randomNetwork } from "../support/networks.js";
import { checkPlan } from "../support/plan-check.js";

const { relu } = activationPrimitives;

const target = cudaTarget({ target: "cuda", precision: "f32", architectures: [], placed: true });
const rule: LayoutRule = {
  ...target.memory,
  layout: () => channelsLast,
  wholeBatch: () => false,
  workspace: (node, slices) => (isNode(node, conv2d) ? 4 * convNumbers(node, slices) : 0),
};
const planOf = (graph: Graph): Plan => planMemory(runPasses(graph, target.traits).graph, rule);

const placed = (plan: Plan, name: string): PlacedValue =>
  [...plan.values.values()].find(({ value }) => value.name === name)!;
const bufferOf = (plan: Plan, name: string): number =>
  (placed(plan, name).place as Extract<Place, { kind: "arena" }>).buffer;

describe("parallel branches", () => {
  /** Two chains of three, side by side: level by level their middles would share bytes. */
  const branches = (): Graph => {
    const w = new GraphWriter([16, 8, 8]);
    const chain = (name: string) =>
      [1, 2, 3].reduce((x, i) => w.conv(`${name}${i}`, x, 16, { size: 3 }), w.input);
    return w.output(w.add("sum", chain("a"), chain("b"))).graph();
  };

  test("never share bytes, though values of one branch do", () => {
    const plan = planOf(branches());
    const [a, b] = ["a", "b"].map((name) => [1, 2, 3].map((i) => bufferOf(plan, `${name}${i}`)));
    expect(a!.some((place) => b!.includes(place))).toBe(false);
    expect(a![0]).not.toBe(a![1]);
    expect(checkPlan(plan)).toEqual([]);
    const leveled = planMemory(plan.graph, { ...rule, order: "levels" });
    expect(leveled.arenaBytes).toBeLessThan(plan.arenaBytes);
    expect(checkPlan({ ...leveled, order: plan.order })).not.toEqual([]);
  });

  test("are not overwritten in place while another branch may still read", () => {
    const w = new GraphWriter([16, 8, 8]);
    const x = w.conv("x", w.input, 16);
    const early = w.node("early", relu, [x], {});
    const late = w.conv("late", w.conv("l1", x, 16, { size: 3 }), 16, { size: 3 });
    // A run level by level has read x when `after` comes; a run by dataflow may not have.
    const after = w.node("after", relu, [w.conv("e1", early, 16, { size: 3 })], {});
    const plan = planMemory(w.output(w.add("sum", after, late)).graph(), rule);
    expect(bufferOf(plan, "early")).not.toBe(bufferOf(plan, "x"));
    expect(bufferOf(plan, "after")).toBe(bufferOf(plan, "e1"));
    expect(checkPlan(plan)).toEqual([]);
  });
});

describe("merged siblings", () => {
  test("lie before the concat that holds the last of them, in one buffer", () => {
    const w = new GraphWriter([16, 8, 8]);
    const b1 = w.conv("b1", w.input, 16);
    const b3 = w.conv("b3", w.conv("r3", w.input, 8), 24, { size: 3 });
    const plan = planOf(w.output(w.conv("z", w.concat("y", b1, b3), 4, { size: 3 })).graph());
    const places = ["r3", "b1", "b3", "y"].map((name) => {
      const { layout, sliceOf } = placed(plan, name);
      return [name, sliceOf?.channel, layout];
    });
    const layout = { kind: "channels-last" };
    expect(places).toEqual([
      ["r3", 0, layout],
      ["b1", 8, layout],
      ["b3", 24, layout],
      ["y", 8, layout],
    ]);
    expect(new Set(["r3", "b1", "b3", "y"].map((name) => bufferOf(plan, name))).size).toBe(1);
    expect(checkPlan(plan)).toEqual([]);
  });

  test("have a buffer of their own where no concat holds any", () => {
    const w = new GraphWriter([16, 8, 8]);
    const [a, b] = [w.conv("a", w.input, 4), w.conv("b", w.input, 4)];
    const plan = planOf(w.output(w.add("sum", a, b)).graph());
    expect(placed(plan, "b").sliceOf).toMatchObject({ channel: 4, value: { name: "a:siblings" } });
    const merged = plan.nodes.find(({ node }) => node.outputs.length === 2)!;
    expect(isTogether(merged.node.outputs, plan.slices)).toBe(true);
  });

  test("stay apart, with scratch to be copied from, where channels do not begin at a vector", () => {
    const w = new GraphWriter([16, 8, 8]);
    const [a, b] = [w.conv("a", w.input, 3), w.conv("b", w.input, 4)];
    const sum = w.add("sum", w.conv("c", a, 4, { size: 3 }), b);
    const plan = planOf(w.output(sum).graph());
    const merged = plan.nodes.find(({ node }) => node.outputs.length === 2)!;
    expect(isTogether(merged.node.outputs, plan.slices)).toBe(false);
    expect(merged.workspace?.bytes).toBe(4 * 7 * 64);
  });
});

test.each(Array.from({ length: 50 }, (_, seed) => seed))(
  "random network %i keeps every value while it is needed, as written and after the passes",
  (seed) => {
    const graph = buildGraph(networkOf(randomNetwork(seed)), { aux: seed % 3 === 0 });
    expect(checkPlan(planMemory(graph, rule))).toEqual([]);
    expect(checkPlan(planOf(graph))).toEqual([]);
  },
);
