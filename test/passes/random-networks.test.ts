/** The whole way from text to plan on random networks, the numbers in double precision. */
import { describe, expect, test } from "vitest";
import { buildGraph } from "../../src/graph/build.js";
import { type Graph, isNode } from "../../src/graph/graph.js";
import { verifyGraph } from "../../src/graph/verify.js";
import { conv2d } from "../../src/ops/conv2d.js";
import { primitives } from "../../src/ops/registry.js";
import { runPasses } from "../../src/passes/run.js";
import { planMemory } from "../../src/plan/memory.js";
import { blocked, planar, shared } from "../support/layouts.js";
import { networkOf } from "../support/network.js";
import { randomNetwork } from "../support/networks.js";
import { expectSameNumbers, traits } from "../support/passes.js";
import { checkPlan } from "../support/plan-check.js";

const seeds = Array.from({ length: 50 }, (_, seed) => seed);

/** Every third network with its aux heads, every other one with its first stage tapped. */
const graphOf = (seed: number): Graph =>
  buildGraph(networkOf(randomNetwork(seed)), {
    aux: seed % 3 === 0,
    taps: seed % 2 === 0 ? ["s0"] : [],
  });

describe.each(seeds)("seed %i", (seed) => {
  const written = graphOf(seed);
  const { graph } = runPasses(written, traits);

  test("is sound as written", () => {
    expect(verifyGraph(written)).toEqual([]);
  });

  test("says the same after all passes", () => {
    expectSameNumbers(written, graph, seed);
  });

  test("has a plan that keeps every value while it is needed", () => {
    expect(checkPlan(planMemory(written, planar))).toEqual([]);
    for (const rule of [blocked(16), shared(16)])
      expect(checkPlan(planMemory(graph, rule))).toEqual([]);
  });
});

test("between them they hold every primitive, and every pass fires", () => {
  const graphs = seeds.map(graphOf);
  const found = new Set(graphs.flatMap(({ nodes }) => nodes.map((node) => node.primitive.name)));
  expect([...primitives.keys()].filter((name) => !found.has(name))).toEqual([]);
  const logs = graphs.flatMap((graph) => runPasses(graph, traits).log);
  const convolutions = logs.flatMap(({ graph }) => graph.nodes.filter((n) => isNode(n, conv2d)));
  expect(convolutions.some(({ attrs: { bias } }) => bias === "placed")).toBe(true);
  const fired = new Set(logs.filter((log) => log.fired.length > 0).map((log) => log.name));
  // Nothing is unused in a network that the checker accepts, but for what an aux left out reads.
  expect([...fired].sort()).toEqual([
    "compose-convolutions",
    "compose-linears",
    "drop-identity",
    "exchange-averages",
    "exchange-maxpools",
    "fold-batchnorm",
    "fuse-activation",
    "fuse-add",
    "fuse-pool",
    "merge-siblings",
  ]);
});
