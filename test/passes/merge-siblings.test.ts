import { describe, expect, test } from "vitest";
import { runNodes } from "../../src/graph/graph.js";
import { printGraph } from "../../src/graph/print.js";
import { mergeSiblings } from "../../src/passes/merge-siblings.js";
import { GraphWriter } from "../support/graphs.js";
import { nodeRows, runPass } from "../support/passes.js";

const relu = { activation: "relu" } as const;

test("1x1 convolutions of one value become one launch with their outputs side by side", () => {
  const w = new GraphWriter([3, 6, 5]);
  const b1 = w.conv("b1", w.input, 4, relu);
  const b3 = w.conv("b3.1", w.conv("b3.0", w.input, 2, relu), 3, { size: 3 });
  const graph = w.output(w.concat("join", b1, b3)).graph();
  const { graph: after, fired } = runPass(mergeSiblings, graph);
  expect(printGraph(after)).toBe(`Test (image : 3 x 6x5) -> join
prepare b1+b3.0.weight : 6 x 3 x 1 x 1 = concat (b1.weight, b3.0.weight)
prepare b1+b3.0.bias : 6 = concat (b1.bias, b3.0.bias)
b1 : 4 x 6x5, b3.0 : 2 x 6x5 = conv 1x1 4+2 relu (image) weight b1+b3.0.weight bias b1+b3.0.bias
b3.1 : 3 x 6x5 = conv 3x3 3 pad 1 (b3.0) weight b3.1.weight bias b3.1.bias
join : 7 x 6x5 = concat (b1, b3.1)
`);
  expect(fired).toEqual([
    { paths: ["b1", "b3.0"], what: "2 1x1 convolutions of one value merged" },
  ]);
});

test("a sibling without a bias gets zeros, and none has one where all lack it", () => {
  const w = new GraphWriter([3, 6, 5]);
  const first = w.concat("j", w.conv("a", w.input, 4), w.conv("b", w.input, 2, { bias: false }));
  const second = w.concat(
    "k",
    w.conv("c", first, 4, { bias: false }),
    w.conv("d", first, 2, { bias: false }),
  );
  const { graph } = runPass(mergeSiblings, w.output(second).graph());
  const rows = printGraph(graph);
  expect(rows).toContain("prepare a+b.bias : 6 = concat (a.bias, zeros)");
  expect(rows).toContain("c : 4 x 6x5, d : 2 x 6x5 = conv 1x1 4+2 no bias (j)");
});

test("siblings merge with those of their own activation", () => {
  const w = new GraphWriter([3, 6, 5]);
  const a = w.conv("a", w.input, 4, relu);
  const b = w.conv("b", w.input, 2);
  const c = w.conv("c", w.input, 3, relu);
  const { graph, fired, refused } = runPass(
    mergeSiblings,
    w.output(w.concat("j", a, b, c)).graph(),
  );
  expect(runNodes(graph)).toHaveLength(3);
  expect(fired.map(({ paths }) => paths)).toEqual([["a", "c"]]);
  expect(refused).toEqual([
    { paths: ["b"], why: "no 1x1 convolution beside it is left that has its activation" },
  ]);
});

test("of one activation, those of its own number", () => {
  const w = new GraphWriter([3, 6, 5]);
  const leaky = (name: string, more: { readonly alpha?: number }) =>
    w.conv(name, w.input, 2, { activation: "leakyrelu", ...more });
  const all = [leaky("a", { alpha: 0.2 }), leaky("b", {}), leaky("c", { alpha: 0.2 })];
  const { fired } = runPass(mergeSiblings, w.output(w.concat("j", ...all)).graph());
  expect(fired.map(({ paths }) => paths)).toEqual([["a", "c"]]);
});

test("no more merge than the target's convolution has outputs for", () => {
  const w = new GraphWriter([3, 6, 5]);
  const all = Array.from({ length: 9 }, (_, i) => w.conv(`c${i}`, w.input, 2));
  const { fired, refused } = runPass(mergeSiblings, w.output(w.concat("j", ...all)).graph());
  expect(fired.map(({ paths }) => paths.length)).toEqual([4, 4]);
  expect(refused.map(({ paths }) => paths)).toEqual([["c8"]]);
});

describe("it does not merge", () => {
  const unmerged = (w: GraphWriter): void => {
    const graph = w.graph();
    expect(nodeRows(runPass(mergeSiblings, graph).graph)).toEqual(nodeRows(graph));
  };

  test("convolutions of two values", () => {
    const w = new GraphWriter([3, 6, 5]);
    const a = w.conv("a", w.input, 4);
    unmerged(w.output(w.concat("j", a, w.conv("b", a, 4))));
  });

  test("larger kernels, strides, padding or groups", () => {
    const w = new GraphWriter([4, 6, 6]);
    w.output(w.conv("one", w.input, 4));
    w.output(w.conv("large", w.input, 4, { size: 3 }));
    w.output(w.conv("stride", w.input, 4, { stride: [2, 2] }));
    w.output(w.conv("pad", w.input, 4, { pads: { top: 1, left: 0, bottom: 0, right: 0 } }));
    unmerged(w.output(w.conv("groups", w.input, 4, { groups: 2 })));
  });
});
