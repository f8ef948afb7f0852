import { expect, test } from "vitest";
import { printGraph } from "../../src/graph/print.js";
import { type Graph, runNodes } from "../../src/graph/graph.js";
import { verifyGraph } from "../../src/graph/verify.js";
import { mergeSiblings } from "../../src/passes/merge-siblings.js";
import { planMemory } from "../../src/plan/memory.js";
import { orderSiblings } from "../../src/plan/order-siblings.js";
import { placeViews } from "../../src/plan/place.js";
import { GraphWriter } from "../support/graphs.js";
import { channelsLast } from "../support/layouts.js";
import { expectSameNumbers, runPass } from "../support/passes.js";

const rule = { sliceStarts: () => true };

/** What is left the same but for the order; both give the same numbers. */
function ordered(graph: Graph): Graph {
  const before = printGraph(graph);
  const after = orderSiblings(graph, placeViews(graph, rule));
  expect(verifyGraph(after)).toEqual([]);
  expect(printGraph(graph)).toBe(before);
  expectSameNumbers(graph, after);
  return after;
}

/** An Inception module: `b1` is the concat's first operand, `r3` and `r5` stay outside of it. */
function inception(): Graph {
  const w = new GraphWriter([3, 6, 5]);
  const b1 = w.conv("b1", w.input, 4);
  const b3 = w.conv("b3", w.conv("r3", w.input, 2, { bias: false }), 3, { size: 3 });
  const b5 = w.conv("b5", w.conv("r5", w.input, 1), 2, { size: 5 });
  return runPass(mergeSiblings, w.output(w.concat("y", b1, b3, b5)).graph()).graph;
}

test("what a concat holds comes last, with its weights", () => {
  const graph = ordered(inception());
  const rows = printGraph(graph);
  expect(rows).toContain("r3 : 2 x 6x5, r5 : 1 x 6x5, b1 : 4 x 6x5 = conv 1x1 2+1+4 (image)");
  expect(rows).toContain("concat (r3.weight, r5.weight, b1.weight)");
  expect(rows).toContain("concat (zeros, r5.bias, b1.bias)");
  const merged = graph.nodes.find(({ outputs }) => outputs.length > 1);
  expect(merged?.origin.paths).toEqual(["r3", "r5", "b1"]);
});

test("several that one concat holds come in its order", () => {
  const w = new GraphWriter([3, 6, 5]);
  const [a, b, c] = ["a", "b", "c"].map((name) => w.conv(name, w.input, 4));
  const y = w.concat("y", c!, a!);
  const graph = w.output(w.concat("z", y, w.conv("d", b!, 4, { size: 3 }))).graph();
  const merged = runNodes(ordered(runPass(mergeSiblings, graph).graph))[0]!;
  expect(merged.outputs.map(({ name }) => name)).toEqual(["b", "c", "a"]);
});

test("nothing moves for a target that writes each output to a place of its own", () => {
  const graph = inception();
  expect(planMemory(graph, channelsLast).graph).toBe(graph);
  const sliceOffset = (_: unknown, __: unknown, channel: number): number => 4 * channel;
  const together = { ...channelsLast, ...rule, sliceOffset, siblings: "together" as const };
  expect(runNodes(planMemory(graph, together).graph)[0]!.outputs[0]!.name).toBe("r3");
});

test("nothing moves where the order is right, or no concat holds any of them", () => {
  const w = new GraphWriter([3, 6, 5]);
  const sum = w.add("sum", w.conv("a", w.input, 4), w.conv("b", w.input, 4));
  const { graph } = runPass(mergeSiblings, w.output(sum).graph());
  expect(ordered(graph).nodes).toEqual(graph.nodes);
  const once = ordered(inception());
  expect(ordered(once).nodes).toEqual(once.nodes);
});
