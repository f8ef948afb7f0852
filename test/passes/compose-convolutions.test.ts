import { describe, expect, test } from "vitest";
import { isNode, runNodes } from "../../src/graph/graph.js";
import { printGraph } from "../../src/graph/print.js";
import type { Value } from "../../src/graph/value.js";
import { conv2d } from "../../src/ops/conv2d.js";
import { composeConvolutions } from "../../src/passes/compose-convolutions.js";
import type { TargetTraits } from "../../src/passes/pass.js";
import { GraphWriter } from "../support/graphs.js";
import { nodeRows, runPass, traits } from "../support/passes.js";
import { Random } from "../support/random.js";

const wide = { size: 1 } as const;
const whyOf = (w: GraphWriter, on?: TargetTraits): string | undefined => {
  const graph = w.graph();
  const { graph: after, fired, refused } = runPass(composeConvolutions, graph, on);
  expect(fired).toEqual([]);
  expect(nodeRows(after)).toEqual(nodeRows(graph));
  return refused[0]?.why;
};

test("two 1x1 convolutions become one, biases and all", () => {
  const w = new GraphWriter([3, 6, 5]);
  const a = w.conv("a", w.input, 64);
  const graph = w.output(w.conv("b", a, 4, { activation: "relu" })).graph();
  const { graph: after, fired } = runPass(composeConvolutions, graph);
  expect(printGraph(after)).toBe(`Test (image : 3 x 6x5) -> b
prepare b:a.weight:composed : 4 x 3 x 1 x 1, b:a.bias:composed : 4 = compose 64 x 1x1 to 3 x 1x1 rows b.weight bias b.bias weight a.weight shift a.bias
b : 4 x 6x5 = conv 1x1 4 relu (image) weight b:a.weight:composed bias b:a.bias:composed
`);
  expect(fired).toEqual([{ paths: ["a", "b"], what: "2 convolutions composed to one" }]);
});

test("a row of them becomes one", () => {
  const w = new GraphWriter([3, 9, 9]);
  let x = w.conv("a", w.input, 32, { size: 3 });
  for (const name of ["b", "c", "d"]) x = w.conv(name, x, 32, wide);
  const { graph } = runPass(composeConvolutions, w.output(w.conv("e", x, 3)).graph());
  expect(nodeRows(graph)).toEqual([
    expect.stringMatching(/^e : 3 x 9x9 = conv 3x3 3 pad 1 \(image\) weight/),
  ]);
});

test("a 1x1 without a bias goes before a window with padding", () => {
  const w = new GraphWriter([3, 6, 6]);
  const a = w.conv("a", w.input, 64, { bias: false });
  const { graph } = runPass(composeConvolutions, w.output(w.conv("b", a, 4, { size: 5 })).graph());
  expect(nodeRows(graph)).toEqual([expect.stringMatching(/^b : 4 x 6x6 = conv 5x5 4 pad 2 \(im/)]);
});

test("a bias before a window with padding becomes one of places", () => {
  const w = new GraphWriter([3, 6, 6]);
  const a = w.conv("a", w.input, 64);
  const b = w.conv("b", a, 4, { size: 3, activation: "relu" });
  const { graph, fired } = runPass(composeConvolutions, w.output(b).graph());
  expect(printGraph(graph)).toBe(`Test (image : 3 x 6x6) -> b
prepare b:a.weight:composed : 4 x 3 x 3 x 3 = compose 64 x 3x3 to 3 x 3x3 rows b.weight weight a.weight
prepare b:a.bias:composed : 4 x 6x6 = compose-bias 64 x 6x6 to 4 x 6x6 rows b.weight bias b.bias shift a.bias
b : 4 x 6x6 = conv 3x3 4 pad 1 bias of places relu (image) weight b:a.weight:composed bias b:a.bias:composed
`);
  expect(fired).toEqual([{ paths: ["a", "b"], what: "2 convolutions composed to one" }]);
});

test("biases of places add up, and go through what comes after", () => {
  const w = new GraphWriter([3, 8, 8]);
  let x = w.conv("a", w.input, 40);
  x = w.conv("b", x, 3, { size: 3 });
  x = w.conv("c", x, 40);
  x = w.conv("d", x, 3, { size: 1, pads: { top: 1, left: 1, bottom: 0, right: 0 } });
  const { graph } = runPass(composeConvolutions, w.output(w.conv("e", x, 2)).graph());
  expect(nodeRows(graph).at(-1)).toContain("bias of places");
  expect(nodeRows(graph).length).toBeLessThan(3);
});

test("one without either bias has none", () => {
  const w = new GraphWriter([3, 6, 6]);
  const a = w.conv("a", w.input, 64, { bias: false });
  const graph = w.output(w.conv("b", a, 4, { bias: false })).graph();
  expect(nodeRows(runPass(composeConvolutions, graph).graph)[0]).toContain("no bias");
});

test("a value that others read stays, and is not counted as saved", () => {
  const w = new GraphWriter([3, 12, 12]);
  const a = w.conv("a", w.input, 64);
  w.output(w.conv("b", a, 4));
  const graph = w.output(w.conv("c", a, 4, { activation: "relu" })).graph();
  const { graph: after } = runPass(composeConvolutions, graph);
  // 3 channels are read in the place of 64: nothing needs those any more.
  expect(runNodes(after)).toHaveLength(2);
  const still = new GraphWriter([64, 12, 12]);
  const same = still.conv("a", still.input, 64);
  still.output(still.conv("b", same, 4));
  expect(whyOf(still.output(still.conv("c", same, 4)))).toMatch(/would take more/);
});

describe("it does not compose", () => {
  test("1x7 and 7x1, whose windows together have 49 taps", () => {
    const w = new GraphWriter([16, 17, 17]);
    const none = { top: 0, left: 0, bottom: 0, right: 0 };
    const a = w.conv("a", w.input, 16, { kernel: [1, 7], pads: none });
    expect(whyOf(w.output(w.conv("b", a, 16, { kernel: [7, 1], pads: none })))).toBe(
      "one convolution would take more than they do",
    );
  });

  test("what a narrow one saves", () => {
    const w = new GraphWriter([64, 12, 12]);
    expect(whyOf(w.output(w.conv("b", w.conv("a", w.input, 4), 64)))).toMatch(/would take more/);
  });

  test("a bias into padding, where a target's convolutions add nothing else", () => {
    const w = new GraphWriter([3, 6, 6]);
    const graph = w.output(w.conv("b", w.conv("a", w.input, 64), 4, { size: 3 }));
    const without = { ...traits, carries: () => false };
    expect(whyOf(graph, without)).toBe(
      "the second pads with zeros, to which the first would add its bias",
    );
  });

  test("a kernel that reaches into padding", () => {
    const w = new GraphWriter([3, 6, 6]);
    const a = w.conv("a", w.input, 64, { size: 3, bias: false });
    const graph = w.output(w.conv("b", a, 4, { size: 3 }));
    expect(whyOf(graph)).toBe("the second pads with zeros, where the first's kernel reaches");
  });

  test("past a value that is returned", () => {
    const w = new GraphWriter([3, 6, 6]);
    const a = w.conv("a", w.input, 64);
    w.output(a);
    expect(whyOf(w.output(w.conv("b", a, 4)))).toBe("a run returns the value between them");
  });

  test("groups", () => {
    const w = new GraphWriter([4, 6, 6]);
    const a = w.conv("a", w.input, 64, { groups: 2 });
    expect(whyOf(w.output(w.conv("b", a, 4)))).toBe("they have groups");
  });

  test("what nobody would wait for", () => {
    const w = new GraphWriter([1000, 60, 60]);
    const a = w.conv("a", w.input, 9000, { bias: false });
    const graph = w.output(w.conv("b", a, 1000, { bias: false })).graph();
    expect(composeConvolutions.run(graph, traits).refused[0]!.why).toBe(
      "preparing the weights of one would take too long",
    );
  });

  test("over an activation, of which it says nothing", () => {
    const w = new GraphWriter([3, 6, 6]);
    const a = w.conv("a", w.input, 64, { activation: "relu" });
    expect(whyOf(w.output(w.conv("b", a, 4)))).toBeUndefined();
  });
});

/** A convolution of any window, stride, dilation and padding that fits, or a 1x1. */
function anyConv(w: GraphWriter, name: string, x: Value, channels: number, random: Random): Value {
  const side = (): number => random.pick([1, 1, 1, 2, 3, 4]);
  const kernel = [side(), side()] as const;
  const dilation = [random.integer(1, 2), random.integer(1, 3)] as const;
  const stride = [random.integer(1, 3), random.integer(1, 2)] as const;
  const pad = (): number => random.pick([0, 0, 0, 1, 2, 3]);
  const pads = { top: pad(), left: pad(), bottom: pad(), right: pad() };
  const options = { kernel, dilation, stride, pads, bias: random.chance(0.5) };
  const [, height, width] = x.shape;
  const room = [height! + pads.top + pads.bottom, width! + pads.left + pads.right];
  const fits = kernel.every((k, axis) => dilation[axis]! * (k - 1) < room[axis]!);
  return w.conv(name, x, channels, fits ? options : {});
}

test("any windows in a row say the same, strides, dilations, paddings and all", () => {
  const counted = { fired: 0, refused: 0, dilated: 0, strided: 0, padded: 0, placed: 0 };
  for (let seed = 0; seed < 600; seed++) {
    const random = new Random(seed);
    const plane = [random.integer(5, 16), random.integer(5, 16)];
    const w = new GraphWriter([random.integer(1, 3), ...plane]);
    let x = w.input;
    for (let i = 0; i < random.integer(1, 3); i++) {
      x = anyConv(w, `c${i}`, x, random.pick([1, 3, 20]), random);
    }
    // The last has a bias: a window that lies in padding alone would say nothing.
    const whole = w.output(w.conv("last", x, 2)).graph();
    const { graph, fired, refused } = runPass(composeConvolutions, whole);
    counted.fired += fired.length;
    counted.refused += refused.length;
    for (const node of runNodes(graph)) {
      if (!isNode(node, conv2d) || node.origin.paths.length === 1) continue;
      const { dilation, stride, pads, bias } = node.attrs;
      counted.placed += Number(bias === "placed");
      counted.dilated += Number(Math.max(...dilation) > 1);
      counted.strided += Number(Math.max(...stride) > 1);
      counted.padded += Number(Object.values(pads).some((pad) => pad > 0));
    }
  }
  for (const [what, count] of Object.entries(counted)) expect(count, what).toBeGreaterThan(60);
});
