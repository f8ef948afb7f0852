import { describe, expect, test } from "vitest";
import type { Graph } from "../../src/graph/graph.js";
import type { Value } from "../../src/graph/value.js";
import { mergeSiblings } from "../../src/passes/merge-siblings.js";
import { placeConcats } from "../../src/plan/place.js";
import { slicesOf } from "../../src/plan/slices.js";
import { GraphWriter } from "../support/graphs.js";
import { runPass } from "../support/passes.js";

const rule = {
  siblings: "together",
  sliceStarts: (channel: number): boolean => channel % 4 === 0,
} as const;

/** `buffer: channel` of each value that lies in another's buffer. */
function slices(graph: Graph, siblings: "together" | "apart" = "together") {
  const merged = runPass(mergeSiblings, graph).graph;
  const placement = placeConcats(merged, rule);
  const found = slicesOf(merged, placement, { ...rule, siblings });
  return Object.fromEntries(
    [...found].map(([{ name }, { value, channel }]) => [name, `${value.name}: ${channel}`]),
  );
}

describe("what a merged convolution makes", () => {
  /** r and b are 1x1 convolutions of the image, c is a 3x3 one. */
  const module = (r: number, join: (b: Value, c: Value) => readonly Value[]): Graph => {
    const w = new GraphWriter([3, 4, 4]);
    const outside = w.conv("r", w.input, r);
    const b = w.conv("b", w.input, 8);
    const y = w.concat("y", ...join(b, w.conv("c", w.input, 12, { size: 3 })));
    return w
      .output(w.conv("z", outside, 2, { size: 3 }))
      .output(y)
      .graph();
  };

  test("goes before the concat that begins with the rest of it", () => {
    const graph = module(4, (b, c) => [b, c]);
    const whole = "y and siblings";
    expect(slices(graph)).toEqual({
      r: `${whole}: 0`,
      y: `${whole}: 4`,
      b: `${whole}: 4`,
      c: `${whole}: 12`,
    });
    expect(slices(graph, "apart")).toEqual({ b: "y: 0", c: "y: 8" });
  });

  test("stays apart where the concat begins with something else", () => {
    expect(slices(module(4, (b, c) => [c, b]))).toEqual({ b: "y: 12", c: "y: 0" });
  });

  test("stays apart where the concat could not start behind it", () => {
    expect(slices(module(3, (b, c) => [b, c]))).toEqual({ b: "y: 0", c: "y: 8" });
  });

  test("lies in the concat's own buffer where that holds all of it", () => {
    const w = new GraphWriter([3, 4, 4]);
    const [a, b] = [w.conv("a", w.input, 4), w.conv("b", w.input, 8)];
    expect(slices(w.output(w.concat("y", a, b)).graph())).toEqual({ a: "y: 0", b: "y: 4" });
  });

  test("has a buffer of its own where no concat holds any", () => {
    const w = new GraphWriter([3, 4, 4]);
    const sum = w.add("sum", w.conv("m.a", w.input, 4), w.conv("m.b", w.input, 4));
    const whole = "m:siblings";
    expect(slices(w.output(sum).graph())).toEqual({ "m.a": `${whole}: 0`, "m.b": `${whole}: 4` });
  });
});
