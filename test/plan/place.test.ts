import { describe, expect, test } from "vitest";
import { isNode, type Graph } from "../../src/graph/graph.js";
import { concat, slice } from "../../src/ops/joins/concat.js";
import { maxPool } from "../../src/ops/pool2d.js";
import { inPlace, nothingPlaced, operatorText, placeViews } from "../../src/plan/place.js";
import { planMemory } from "../../src/plan/memory.js";
import { slicesOf } from "../../src/plan/slices.js";
import type { Value } from "../../src/graph/value.js";
import { checkPlan } from "../support/plan-check.js";
import { GraphWriter } from "../support/graphs.js";
import { blocked, shared } from "../support/layouts.js";

const rule = blocked(16);
const pool3 = {
  kernel: [3, 3] as const,
  stride: [1, 1] as const,
  pads: { top: 1, left: 1, bottom: 1, right: 1 },
  countPad: false,
  ceil: false,
};

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
  expect(reasons(graph)).toEqual(["b2: j: no slice that conv writes can start at channel 56"]);
  const placement = placeViews(graph, rule);
  const [of] = graph.nodes.at(-1)!.outputs;
  expect([...placement.views]).toEqual([
    [operands[0], { of, channel: 0 }],
    [operands[1], { of, channel: 32 }],
    [operands[3], { of, channel: 64 }],
  ]);
  const texts = [placement, nothingPlaced].map((each) => operatorText(graph.nodes.at(-1)!, each));
  expect(texts).toEqual(["concat 3 of 4 in place", "concat"]);
  expect(nothingPlaced).toEqual({ views: new Map(), apart: new Set(), copies: [] });
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

describe("inside of a block", () => {
  const inside = shared(16);
  const planned = (graph: Graph): readonly string[] =>
    checkPlan(planMemory(graph, { ...inside, workspace: () => 0 }));
  const apart = (graph: Graph): readonly string[] =>
    [...placeViews(graph, inside).apart].map(({ name }) => name).sort();

  test("an operand is written in place, and those before it keep out of its lanes", () => {
    const w = new GraphWriter([3, 4, 4]);
    const operands = [16, 8, 7, 1, 20, 9].map((n, i) => w.conv(`b${i}`, w.input, n));
    const graph = w.output(w.concat("j", ...operands)).graph();
    expect(places(graph, inside)).toEqual({ j: operands.map(() => true) });
    expect(apart(graph)).toEqual(["b1", "b2", "b3", "b4", "b5"]);
    expect(planned(graph)).toEqual([]);
  });

  test("of a concat that grows, what lies there already may be in whole blocks, and read", () => {
    const w = new GraphWriter([3, 4, 4]);
    const first = w.node("first", maxPool, [w.conv("stem", w.input, 24)], pool3);
    const grown = [1, 2, 3].reduce(
      (x, i) =>
        w.concat(`j${i}`, x, w.conv(`new${i}`, w.conv(`narrow${i}`, x, 8), 12, { size: 3 })),
      first,
    );
    const graph = w.output(grown).graph();
    expect(reasons(graph, inside)).toEqual([]);
    expect(apart(graph)).toEqual(["new1", "new2"]);
    expect(planned(graph)).toEqual([]);
  });

  test("it is copied where its kernel stores whole blocks, or others read it", () => {
    const w = new GraphWriter([3, 4, 4]);
    const a = w.conv("a", w.input, 24);
    const p = w.node("p", maxPool, [w.conv("b", w.input, 8)], pool3);
    const [c, d, e] = ["c", "d", "e"].map((name) => w.conv(name, w.input, 4)) as [
      Value,
      Value,
      Value,
    ];
    const graph = w
      .output(w.concat("j", a, p, c, d, e))
      .output(w.conv("other", d, 3))
      .output(e, "e")
      .graph();
    expect(reasons(graph, inside)).toEqual([
      "p: j: no slice that maxpool writes can start at channel 24",
      "d: j: channel 36 is inside of a block, and others read it",
      "e: j: channel 40 is inside of a block, and others read it",
    ]);
    expect(planned(graph)).toEqual([]);
  });

  test("it is copied where what lies before it may fill the block meanwhile, or be read", () => {
    const filled = (more: (w: GraphWriter, before: Value) => GraphWriter): Graph => {
      const w = new GraphWriter([3, 4, 4]);
      const p = w.node("p", maxPool, [w.conv("a", w.input, 24)], pool3);
      return more(w, p)
        .output(w.concat("j", p, w.conv("b", w.input, 8)))
        .graph();
    };
    const why = "b: j: channel 24 is inside of a block, which p may fill at the same time";
    const graph = filled((w) => w);
    expect(reasons(graph, inside)).toEqual([why]);
    const read = new GraphWriter([3, 4, 4]);
    const c = read.conv("c", read.input, 24);
    const twice = read
      .output(read.conv("other", c, 4))
      .output(read.concat("j", c, read.conv("b", read.input, 8)))
      .graph();
    expect(reasons(twice, inside)).toEqual([why.replace("p may", "c may")]);
    for (const each of [graph, twice]) expect(planned(each)).toEqual([]);
  });
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
