import { describe, expect, test } from "vitest";
import { isNode, type Graph } from "../../src/graph/graph.js";
import { concat } from "../../src/ops/joins/concat.js";
import { inPlace, nothingPlaced, operatorText, placeConcats } from "../../src/plan/place.js";
import { GraphWriter } from "../support/graphs.js";
import { blocked } from "../support/layouts.js";

const rule = blocked(16);

/** Which operands are in place, by the concat's name. */
function places(graph: Graph, on = rule): Record<string, readonly boolean[]> {
  const placement = placeConcats(graph, on);
  const concats = graph.nodes.filter((node) => isNode(node, concat));
  return Object.fromEntries(
    concats.map((node) => [node.outputs[0]!.name, inPlace(node, placement)]),
  );
}

const reasons = (graph: Graph, on = rule): readonly string[] =>
  placeConcats(graph, on).copies.map(({ operand, into, why }) =>
    [operand.name, into.name, why].join(": "),
  );

test("operands at aligned channels are written in place, the others copied", () => {
  const w = new GraphWriter([3, 4, 4]);
  const operands = [32, 24, 8, 16].map((n, i) => w.conv(`b${i}`, w.input, n));
  const graph = w.output(w.concat("j", ...operands)).graph();
  expect(places(graph)).toEqual({ j: [true, true, false, true] });
  expect(reasons(graph)).toEqual(["b2: j: no slice can start at channel 56"]);
  const placement = placeConcats(graph, rule);
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

describe("it does not place", () => {
  test("the network's input", () => {
    const w = new GraphWriter([16, 4, 4]);
    const graph = w.output(w.concat("j", w.conv("a", w.input, 16), w.input)).graph();
    expect(places(graph)).toEqual({ j: [true, false] });
    expect(reasons(graph)).toEqual(["image: j: it is the network's input"]);
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
    expect(reasons(graph)).toEqual([
      "a: j: it is an operand twice",
      "a: k: another concat holds it",
    ]);
  });

  test("anything where the target has no slices, or the graph is run as written", () => {
    const w = new GraphWriter([3, 4, 4]);
    const graph = w.output(w.concat("j", w.conv("a", w.input, 16))).graph();
    expect(places(graph, { ...rule, sliceStarts: () => false })).toEqual({ j: [false] });
  });
});
