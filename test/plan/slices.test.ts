import { describe, expect, test } from "vitest";
import type { Graph } from "../../src/graph/graph.js";
import type { Value } from "../../src/graph/value.js";
import { mergeSiblings } from "../../src/passes/merge-siblings.js";
import { placeViews } from "../../src/plan/place.js";
import { slicesOf } from "../../src/plan/slices.js";
import { GraphWriter } from "../support/graphs.js";
import { runPass } from "../support/passes.js";

const rule = {
  siblings: "together",
  sliceStarts: (channel: number): boolean => channel % 4 === 0,
} as const;

/** `buffer: channel` of each value that lies in another's buffer, siblings merged first. */
const slices = (graph: Graph, siblings: "together" | "apart" = "together") =>
  slicesAsWritten(runPass(mergeSiblings, graph).graph, siblings);

function slicesAsWritten(graph: Graph, siblings: "together" | "apart" = "together") {
  const found = slicesOf(graph, placeViews(graph, rule), { ...rule, siblings });
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

describe("of several siblings", () => {
  /** r, s, b and d are one convolution; y begins with b. */
  function written(join: (w: GraphWriter, d: Value) => Value): Graph {
    const w = new GraphWriter([3, 4, 4]);
    const { r, s, b, d } = w.siblings(w.input, { r: 4, s: 12, b: 8, d: 4 });
    const y = w.concat("y", b, w.conv("c", w.input, 12));
    return w
      .output(w.add("sum", r, d))
      .output(join(w, d))
      .output(y)
      .output(s)
      .graph();
  }

  test("those outside lie before the buffer, one after another, and all inside moves", () => {
    const w = new GraphWriter([3, 4, 4]);
    const { r, s, b } = w.siblings(w.input, { r: 4, s: 12, b: 8 });
    const y = w.concat("y", b, w.conv("c", w.input, 12));
    const graph = w
      .output(w.conv("z", r, 4))
      .output(s)
      .output(y)
      .graph();
    const whole = "y and siblings";
    expect(slicesAsWritten(graph)).toEqual({
      r: `${whole}: 0`,
      s: `${whole}: 4`,
      y: `${whole}: 16`,
      b: `${whole}: 16`,
      c: `${whole}: 24`,
    });
  });

  test("they stay apart where a later one lies in another buffer, at whatever channel", () => {
    const graph = written((w, d) => w.concat("k", w.conv("e", w.input, 8), d));
    expect(slicesAsWritten(graph)).toEqual({ b: "y: 0", c: "y: 8", e: "k: 0", d: "k: 8" });
  });

  test("they stay apart where a later one lies in none", () => {
    const graph = written((w, d) => w.conv("z", d, 4));
    expect(slicesAsWritten(graph)).toEqual({ b: "y: 0", c: "y: 8" });
  });

  test("their own buffer has the channels of all, and their height and width", () => {
    const w = new GraphWriter([3, 4, 5]);
    const { a, b } = w.siblings(w.input, { a: 4, b: 8 });
    const graph = w.output(a).output(b).graph();
    const found = slicesOf(graph, placeViews(graph, rule), rule);
    expect(found.get(b)!.value.shape).toEqual([12, 4, 5]);
  });
});
