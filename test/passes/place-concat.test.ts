import { describe, expect, test } from "vitest";
import { isNode, type Graph } from "../../src/graph/graph.js";
import { concat } from "../../src/ops/joins/concat.js";
import { placeConcat } from "../../src/passes/place-concat.js";
import { GraphWriter } from "../support/graphs.js";
import { runPass, traits } from "../support/passes.js";

/** The operands in place, by the concat's name. */
const places = (graph: Graph): Record<string, readonly boolean[]> =>
  Object.fromEntries(
    graph.nodes.flatMap((node) =>
      isNode(node, concat) ? [[node.outputs[0]!.name, node.attrs.inPlace]] : [],
    ),
  );

test("operands at aligned channels are written in place, the others copied", () => {
  const w = new GraphWriter([3, 4, 4]);
  const operands = [32, 24, 8, 16].map((n, i) => w.conv(`b${i}`, w.input, n));
  const { graph, fired, refused } = runPass(
    placeConcat,
    w.output(w.concat("j", ...operands)).graph(),
  );
  expect(places(graph)).toEqual({ j: [true, true, false, true] });
  expect(fired).toEqual([{ paths: ["j"], what: "3 of 4 operands written in place" }]);
  expect(refused).toEqual([
    { paths: ["j"], why: "b2 is copied: no slice can start at channel 56" },
  ]);
});

test("a placed concat takes its operands along", () => {
  const w = new GraphWriter([3, 4, 4]);
  const inner = w.concat("inner", w.conv("a", w.input, 16), w.conv("b", w.input, 16));
  const graph = w.output(w.concat("outer", w.conv("c", w.input, 16), inner)).graph();
  const all = [true, true];
  expect(places(runPass(placeConcat, graph).graph)).toEqual({ inner: all, outer: all });
});

test("a value with other readers, or one that is returned, may still live in its slice", () => {
  const w = new GraphWriter([3, 4, 4]);
  const a = w.conv("a", w.input, 16);
  const graph = w
    .output(w.concat("j", a, w.conv("b", a, 16)))
    .output(a, "features")
    .graph();
  expect(places(runPass(placeConcat, graph).graph)).toEqual({ j: [true, true] });
});

describe("it does not place", () => {
  test("the network's input", () => {
    const w = new GraphWriter([16, 4, 4]);
    const graph = w.output(w.concat("j", w.conv("a", w.input, 16), w.input)).graph();
    expect(places(runPass(placeConcat, graph).graph)).toEqual({ j: [true, false] });
  });

  test("a value twice, in one concat or in two", () => {
    const w = new GraphWriter([3, 4, 4]);
    const a = w.conv("a", w.input, 16);
    const b = w.conv("b", w.input, 16);
    const graph = w
      .output(w.concat("j", a, a))
      .output(w.concat("k", b, a))
      .graph();
    const { graph: after, refused } = runPass(placeConcat, graph);
    expect(places(after)).toEqual({ j: [true, false], k: [true, false] });
    expect(refused.map(({ why }) => why)).toEqual([
      "a is copied: it is an operand twice",
      "a is copied: another concat holds it",
    ]);
  });

  test("anything where the target has no slices", () => {
    const w = new GraphWriter([3, 4, 4]);
    const graph = w.output(w.concat("j", w.conv("a", w.input, 16))).graph();
    const none = { ...traits, sliceAligned: () => false };
    expect(places(runPass(placeConcat, graph, none).graph)).toEqual({ j: [false] });
  });
});
