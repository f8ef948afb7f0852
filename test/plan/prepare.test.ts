import { expect, test } from "vitest";
import type { Graph } from "../../src/graph/graph.js";
import { planar } from "../../src/kernels/layout.js";
import { foldBatchNorm } from "../../src/passes/fold-batchnorm.js";
import { mergeSiblings } from "../../src/passes/merge-siblings.js";
import { planPreparation, type PreparePlan } from "../../src/plan/prepare.js";
import { GraphWriter } from "../support/graphs.js";
import { traits } from "../support/passes.js";

const plan = (graph: Graph): PreparePlan => planPreparation(graph, () => planar, 128);

const places = ({ prepared }: PreparePlan): Record<string, string> =>
  Object.fromEntries(
    [...prepared].map(([value, { kind, offset }]) => [value.name, `${kind} ${offset}`]),
  );

test("what a run reads is kept, aligned; what is on the way to it is not", () => {
  const w = new GraphWriter([4, 4, 4]);
  const [a, b] = ["a", "b"].map((name) =>
    w.batchNorm(`${name}.bn`, w.conv(name, w.input, 4, { bias: false })),
  );
  const folded = foldBatchNorm.run(w.output(w.concat("y", a!, b!)).graph(), traits).graph;
  // Each folded weight takes 64 bytes, and each bias 16.
  expect(places(plan(folded))).toEqual({
    "a.weight:folded": "weights 0",
    "a.bias:folded": "weights 128",
    "b.weight:folded": "weights 256",
    "b.bias:folded": "weights 384",
  });
  const merged = plan(mergeSiblings.run(folded, traits).graph);
  expect(places(merged)).toMatchObject({
    "a.bn+b.bn.weight": "weights 0",
    "a.bn+b.bn.bias": "weights 128",
  });
  expect(merged.weightBytes).toBe(256);
  const staged = [...merged.prepared.values()].filter(({ kind }) => kind === "staging");
  expect(new Set(staged.map(({ offset }) => offset)).size).toBe(4);
  expect(merged.stagingBytes).toBe(4 * 64);
});

test("scratch is free again for the next node's weights", () => {
  const w = new GraphWriter([4, 4, 4]);
  let x = w.input;
  for (const name of ["a", "b", "c"]) {
    const pair = ["l", "r"].map((side) =>
      w.batchNorm(`${name}${side}.bn`, w.conv(`${name}${side}`, x, 4, { bias: false })),
    );
    x = w.add(name, ...pair);
  }
  const folded = foldBatchNorm.run(w.output(x).graph(), traits).graph;
  const { graph } = mergeSiblings.run(folded, traits);
  const { preparations, stagingBytes } = plan(graph);
  expect(preparations.map(({ reader }) => reader.outputs[0]!.name)).toEqual([
    "al.bn",
    "bl.bn",
    "cl.bn",
  ]);
  expect(preparations.map(({ nodes }) => nodes.map(({ primitive }) => primitive.name))).toEqual(
    Array.from({ length: 3 }, () => ["fold-batchnorm", "fold-batchnorm", "concat", "concat"]),
  );
  // Of one merged convolution, not of three.
  expect(stagingBytes).toBe(4 * 64);
});

test("weights that two nodes read are prepared once, before the first", () => {
  const w = new GraphWriter([4, 4, 4]);
  const graph = foldBatchNorm.run(
    w.output(w.batchNorm("n", w.conv("a", w.input, 4))).graph(),
    traits,
  ).graph;
  const [fold, conv] = graph.nodes;
  const twin = { ...conv!, outputs: [{ ...conv!.outputs[0]!, name: "twin" }] };
  const shared = {
    ...graph,
    nodes: [fold!, conv!, twin],
    outputs: [...graph.outputs, { name: "twin", value: twin.outputs[0]!, kind: "output" as const }],
  };
  const { preparations } = plan(shared);
  expect(preparations.map(({ reader }) => reader.outputs[0]!.name)).toEqual(["n"]);
});
