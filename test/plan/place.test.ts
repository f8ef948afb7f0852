import { describe, expect, test } from "vitest";
import { isNode, type Graph } from "../../src/graph/graph.js";
import { concat, slice } from "../../src/ops/joins/concat.js";
import { inPlace, nothingPlaced, operatorText, placeViews } from "../../src/plan/place.js";
import { planMemory } from "../../src/plan/memory.js";
import { slicesOf } from "../../src/plan/slices.js";
import type { Value } from "../../src/graph/value.js";
import { checkPlan } from "../support/plan-check.js";
import { GraphWriter } from "../support/graphs.js";
import { blocked } from "../support/layouts.js";

const rule = blocked(16);

/** Which operands are in place, by the concat's name. */
function places(graph: Graph, on = rule): Record<string, readonly boolean[]> {
  const placement = placeViews(graph, on);
  const concats = graph.nodes.filter((node) => isNode(node, concat));
  return Object.fromEntries(
    concats.map((node) => [node.outputs[0]!.name, inPlace(node, placement)]),
  );
}

const reasons = (graph: Graph, on = rule): readonly string[] =>
  placeViews(graph, on).copies.map(({ operand, into, why }) =>
    [operand.name, into.name, why].join(": "),
  );

test("operands at aligned channels are written in place, the others copied", () => {
  const w = new GraphWriter([3, 4, 4]);
  const operands = [32, 24, 8, 16].map((n, i) => w.conv(`b${i}`, w.input, n));
  const graph = w.output(w.concat("j", ...operands)).graph();
  expect(places(graph)).toEqual({ j: [true, true, false, true] });
  expect(reasons(graph)).toEqual(["b2: j: no slice can start at channel 56"]);
  const placement = placeViews(graph, rule);
  const [of] = graph.nodes.at(-1)!.outputs;
  expect([...placement.views]).toEqual([
    [operands[0], { of, channel: 0 }],
    [operands[1], { of, channel: 32 }],
    [operands[3], { of, channel: 64 }],
  ]);
  const texts = [placement, nothingPlaced].map((each) => operatorText(graph.nodes.at(-1)!, each));
  expect(texts).toEqual(["concat 3 of 4 in place", "concat"]);
  expect(nothingPlaced).toEqual({ views: new Map(), copies: [] });
});

test("a concat that is in place takes its operands along", () => {
  const w = new GraphWriter([3, 4, 4]);
  const inner = w.concat("inner", w.conv("a", w.input, 16), w.conv("b", w.input, 16));
  const graph = w.output(w.concat("outer", w.conv("c", w.input, 16), inner)).graph();
  const all = [true, true];
  expect(places(graph)).toEqual({ inner: all, outer: all });
});

test("a value with other readers, or one that is returned, may still live in its slice", () => {
  const w = new GraphWriter([3, 4, 4]);
  const a = w.conv("a", w.input, 16);
  const graph = w
    .output(w.concat("j", a, w.conv("b", a, 16)))
    .output(a, "features")
    .graph();
  expect(places(graph)).toEqual({ j: [true, true] });
});

test("slices are read where they lie, those of a slice and of what a concat holds too", () => {
  const w = new GraphWriter([3, 4, 4]);
  const a = w.conv("a", w.input, 64);
  const part = (name: string, of: Value, from: number, count: number): Value =>
    w.node(name, slice, [of], { from, count });
  const middle = part("middle", a, 16, 40);
  const last = part("last", middle, 32, 8);
  const j = w.concat("j", w.conv("b", w.input, 16), w.concat("i", a));
  const graph = w
    .output(j)
    .output(last, "last")
    .output(part("odd", j, 24, 8), "odd")
    .graph();
  const placement = placeViews(graph, rule);
  const found = slicesOf(graph, placement, { ...rule, siblings: "apart" });
  expect(
    [...found].map(([{ name }, at]) => `${name}: ${at.value.name} ${at.channel}`).sort(),
  ).toEqual(["a: j 16", "b: j 0", "i: j 16", "last: j 64", "middle: j 32"]);
  const texts = graph.nodes.map((node) => operatorText(node, placement));
  expect(texts.filter((text) => text.startsWith("slice"))).toEqual([
    "slice 16..55 in place",
    "slice 32..39 in place",
    "slice 24..31",
  ]);
  const plan = planMemory(graph, { ...rule, workspace: () => 0 });
  expect(checkPlan(plan)).toEqual([]);
});

describe("it does not place", () => {
  test("the network's input", () => {
    const w = new GraphWriter([16, 4, 4]);
    const graph = w.output(w.concat("j", w.conv("a", w.input, 16), w.input)).graph();
    expect(places(graph)).toEqual({ j: [true, false] });
    expect(reasons(graph)).toEqual(["image: j: it is the network's input"]);
  });

  test("a slice of the network's input", () => {
    const w = new GraphWriter([32, 4, 4]);
    const graph = w.output(w.node("s", slice, [w.input], { from: 16, count: 16 })).graph();
    expect(placeViews(graph, rule).views.size).toBe(0);
  });

  test("a slice in a concat, which copies it", () => {
    const w = new GraphWriter([3, 4, 4]);
    const s = w.node("s", slice, [w.conv("a", w.input, 32)], { from: 16, count: 16 });
    const graph = w.output(w.concat("j", w.conv("b", w.input, 16), s)).graph();
    expect(places(graph)).toEqual({ j: [true, false] });
    expect(reasons(graph)).toEqual(["s: j: a holds it"]);
  });

  test("a value twice, in one concat or in two", () => {
    const w = new GraphWriter([3, 4, 4]);
    const a = w.conv("a", w.input, 16);
    const b = w.conv("b", w.input, 16);
    const graph = w
      .output(w.concat("j", a, a))
      .output(w.concat("k", a, b))
      .graph();
    expect(places(graph)).toEqual({ j: [true, false], k: [false, true] });
    expect(reasons(graph)).toEqual(["a: j: it is an operand twice", "a: k: j holds it"]);
  });

  test("anything where the target has no slices, or the graph is run as written", () => {
    const w = new GraphWriter([3, 4, 4]);
    const graph = w.output(w.concat("j", w.conv("a", w.input, 16))).graph();
    expect(places(graph, { ...rule, sliceStarts: () => false })).toEqual({ j: [false] });
  });
});
