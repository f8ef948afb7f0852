import { describe, expect, test } from "vitest";
import type { Graph } from "../../src/graph/graph.js";
import { printGraph } from "../../src/graph/print.js";
import type { Shape } from "../../src/ops/shape.js";
import {
  type ConvGradientAttrs,
  convInputGradient,
} from "../../src/ops/training/conv2d-gradient.js";
import { turnConvolutions } from "../../src/passes/turn-convolutions.js";
import { GraphWriter } from "../support/graphs.js";
import { nodeRows, runPass } from "../support/passes.js";

type Layer = Partial<ConvGradientAttrs> & Pick<ConvGradientAttrs, "shape">;

/** The derivative by the input of a convolution that gives what has the shape of `dy`. */
function gradient(dy: Shape, { shape, ...attrs }: Layer): Graph {
  const w = new GraphWriter(dy);
  const all: ConvGradientAttrs = {
    kernel: [3, 3],
    stride: [1, 1],
    pads: { top: 1, left: 1, bottom: 1, right: 1 },
    dilation: [1, 1],
    groups: 1,
    channels: dy[0]!,
    shape,
    ...attrs,
  };
  return w.output(w.node("dx", convInputGradient, [w.input], all)).graph();
}

test("of a stride of 1 it is a convolution of turned weights", () => {
  const { graph, fired } = runPass(turnConvolutions, gradient([4, 6, 5], { shape: [3, 6, 5] }));
  expect(printGraph(graph)).toBe(`Test (image : 4 x 6x5) -> dx
prepare dx.weight:turned : 3 x 4 x 3 x 3 = turn-weights weight dx.weight
dx : 3 x 6x5 = conv 3x3 3 pad 1 no bias (image) weight dx.weight:turned
`);
  const what = "the derivative by its input is a convolution of turned weights";
  expect(fired).toEqual([{ paths: ["dx"], what }]);
});

describe("it turns", () => {
  const row = (dy: Shape, layer: Layer): string =>
    nodeRows(runPass(turnConvolutions, gradient(dy, layer)).graph).join("\n");

  test("what was not padded, which dy then is", () => {
    const pads = { top: 0, left: 0, bottom: 0, right: 0 };
    expect(row([4, 4, 3], { shape: [3, 6, 5], pads })).toContain("conv 3x3 3 pad 2 ");
  });

  test("uneven pads, kernels and dilations", () => {
    const pads = { top: 0, left: 3, bottom: 4, right: 1 };
    const kernel = [3, 2] as const;
    const layer = { shape: [3, 6, 7], pads, kernel, dilation: [2, 3] } as const;
    expect(row([5, 6, 8], layer)).toContain("pad 4,0,0,2 dilation 2x3 no bias");
  });

  test("groups, each by itself, and depthwise kernels", () => {
    expect(row([6, 6, 5], { shape: [4, 6, 5], groups: 2 })).toContain("groups 2");
    expect(row([4, 6, 5], { shape: [4, 6, 5], groups: 4 })).toContain("groups 4");
  });

  test("a weight once, though two read it", () => {
    const graph = gradient([4, 6, 5], { shape: [4, 6, 5] });
    const [node] = graph.nodes;
    const value = { ...node!.outputs[0]!, name: "again" };
    const again = { ...node!, inputs: node!.outputs, outputs: [value] };
    const outputs = [{ name: "again", value, kind: "output" }] as const;
    const twice = runPass(turnConvolutions, { ...graph, nodes: [node!, again], outputs });
    expect(twice.fired).toHaveLength(2);
    expect(printGraph(twice.graph).match(/^prepare /gm)).toHaveLength(1);
  });
});

describe("it does not turn", () => {
  const refusals = (graph: Graph): readonly string[] => {
    const result = runPass(turnConvolutions, graph);
    expect(nodeRows(result.graph)).toEqual(nodeRows(graph));
    return result.refused.map(({ why }) => why);
  };

  test("strides above 1, in either direction", () => {
    const down = gradient([4, 3, 5], { shape: [3, 6, 5], stride: [2, 1] });
    const across = gradient([4, 6, 3], { shape: [3, 6, 5], stride: [1, 2] });
    expect([down, across].flatMap(refusals)).toEqual(Array(2).fill("its stride is above 1"));
  });

  test("paddings wider than the kernel reaches, on any side", () => {
    const none = { top: 0, left: 0, bottom: 0, right: 0 };
    const sides = [
      [[4, 7, 3], "top"],
      [[4, 4, 6], "left"],
      [[4, 7, 3], "bottom"],
      [[4, 4, 6], "right"],
    ] as const;
    const all = sides.map(([dy, side]) =>
      gradient(dy, { shape: [3, 6, 5], pads: { ...none, [side]: 3 } }),
    );
    const why = "its padding is wider than its kernel reaches";
    expect(all.flatMap(refusals)).toEqual(Array(4).fill(why));
  });
});
