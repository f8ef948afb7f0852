import { expect, test } from "vitest";
import { printGraph } from "../../src/graph/print.js";
import type { Graph } from "../../src/graph/graph.js";
import { mergeSiblings } from "../../src/passes/merge-siblings.js";
import { orderSiblings } from "../../src/passes/order-siblings.js";
import { placeConcat } from "../../src/passes/place-concat.js";
import { GraphWriter } from "../support/graphs.js";
import { runPass, traits } from "../support/passes.js";

const together = { ...traits, siblings: "together", sliceAligned: () => true } as const;

/** An Inception module: `b1` is the concat's first operand, `r3` and `r5` stay outside of it. */
function inception(): Graph {
  const w = new GraphWriter([3, 6, 5]);
  const b1 = w.conv("b1", w.input, 4);
  const b3 = w.conv("b3", w.conv("r3", w.input, 2, { bias: false }), 3, { size: 3 });
  const b5 = w.conv("b5", w.conv("r5", w.input, 1), 2, { size: 5 });
  const merged = runPass(mergeSiblings, w.output(w.concat("y", b1, b3, b5)).graph(), together);
  return runPass(placeConcat, merged.graph, together).graph;
}

test("what a concat holds comes last, with its weights", () => {
  const { graph, fired } = runPass(orderSiblings, inception(), together);
  const rows = printGraph(graph);
  expect(rows).toContain("r3 : 2 x 6x5, r5 : 1 x 6x5, b1 : 4 x 6x5 = conv 1x1 2+1+4 (image)");
  expect(rows).toContain("concat-rows (r3.weight, r5.weight, b1.weight)");
  expect(rows).toContain("concat-rows (zeros, r5.bias, b1.bias)");
  expect(fired).toEqual([{ paths: ["b1", "r3", "r5"], what: "outputs ordered r3, r5, b1" }]);
  const merged = graph.nodes.find(({ outputs }) => outputs.length > 1);
  expect(merged?.origin.paths).toEqual(["r3", "r5", "b1"]);
});

test("nothing moves for a target that writes each output to a place of its own", () => {
  const graph = inception();
  expect(runPass(orderSiblings, graph, { ...together, siblings: "apart" }).graph.nodes).toEqual(
    graph.nodes,
  );
});

test("nothing moves where the order is right, or no concat holds any of them", () => {
  const w = new GraphWriter([3, 6, 5]);
  const sum = w.add("sum", w.conv("a", w.input, 4), w.conv("b", w.input, 4));
  const { graph } = runPass(mergeSiblings, w.output(sum).graph(), together);
  expect(runPass(orderSiblings, graph, together).fired).toEqual([]);
  const once = runPass(orderSiblings, inception(), together).graph;
  expect(runPass(orderSiblings, once, together).fired).toEqual([]);
});
