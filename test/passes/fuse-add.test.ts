import { describe, expect, test } from "vitest";
import { parametersOf } from "../../src/graph/graph.js";
import { printGraph } from "../../src/graph/print.js";
import { add } from "../../src/ops/joins/add.js";
import { fuseAdd } from "../../src/passes/fuse-add.js";
import type { TargetTraits } from "../../src/passes/pass.js";
import { GraphWriter } from "../support/graphs.js";
import { nodeRows, runPass, traits } from "../support/passes.js";
import { Random } from "../support/random.js";

test("a residual's last convolution writes the sum, its factor in the weights", () => {
  const w = new GraphWriter([8, 5, 5]);
  const f = w.conv("f", w.conv("a", w.input, 4, { activation: "relu" }), 8);
  const z = w.node("z", add, [w.input, f], {
    ...{ scales: [1, 0.17], activation: "leakyrelu", alpha: 0.2 },
  });
  const { graph, fired, refused } = runPass(fuseAdd, w.output(z).graph());
  expect(printGraph(graph)).toBe(`Test (image : 8 x 5x5) -> z
prepare f.weight:scaled : 8 x 4 x 1 x 1 = add scales 0.17 (f.weight)
prepare f.bias:scaled : 8 = add scales 0.17 (f.bias)
a : 4 x 5x5 = conv 1x1 4 relu (image) weight a.weight bias a.bias
z : 8 x 5x5 = conv 1x1 8 leakyrelu 0.2 (a, image) weight f.weight:scaled bias f.bias:scaled
`);
  expect(fired).toEqual([{ paths: ["f", "z"], what: "sum written by the convolution before it" }]);
  expect(refused).toEqual([]);
});

test("without a factor the weights stay as they are, whichever operand comes first", () => {
  const w = new GraphWriter([8, 5, 5]);
  const f = w.conv("f", w.input, 8, { size: 3, bias: false });
  expect(nodeRows(runPass(fuseAdd, w.output(w.add("z", f, w.input)).graph()).graph)).toEqual([
    "z : 8 x 5x5 = conv 3x3 8 pad 1 no bias (image, image) weight f.weight",
  ]);
});

test("of two convolutions the later takes the other's value in, and parameters keep their order", () => {
  const w = new GraphWriter([4, 5, 5]);
  const z = w.add("z", w.conv("late", w.conv("a", w.input, 3), 8), w.conv("short", w.input, 8));
  const before = w.output(w.add("y", z, w.conv("b", w.input, 8))).graph();
  const { graph } = runPass(fuseAdd, before);
  expect(nodeRows(graph)).toEqual([
    "a : 3 x 5x5 = conv 1x1 3 (image) weight a.weight bias a.bias",
    "late : 8 x 5x5 = conv 1x1 8 (a) weight late.weight bias late.bias",
    "z : 8 x 5x5 = conv 1x1 8 (image, late) weight short.weight bias short.bias",
    "y : 8 x 5x5 = conv 1x1 8 (image, z) weight b.weight bias b.bias",
  ]);
  expect(parametersOf(graph)).toEqual(parametersOf(before));
});

test("a convolution that comes before what it is added to waits for it", () => {
  const w = new GraphWriter([4, 5, 5]);
  const f = w.conv("f", w.input, 8);
  const other = w.concat("other", w.input, w.conv("late", w.input, 4, { activation: "relu" }));
  expect(nodeRows(runPass(fuseAdd, w.output(w.add("z", f, other)).graph()).graph).at(-1)).toBe(
    "z : 8 x 5x5 = conv 1x1 8 (image, other) weight f.weight bias f.bias",
  );
});

describe("it does not fuse", () => {
  const left = (w: GraphWriter, on?: TargetTraits): string | undefined => {
    const graph = w.graph();
    const { graph: after, fired, refused } = runPass(fuseAdd, graph, on);
    expect(fired).toEqual([]);
    expect(nodeRows(after)).toEqual(nodeRows(graph));
    return refused[0]?.why;
  };

  test("what makes no sum, or is a sum of no convolution", () => {
    const w = new GraphWriter([8, 5, 5]);
    expect(left(w.output(w.add("z", w.input, w.batchNorm("n", w.input))))).toBeUndefined();
  });

  test("a value that is returned, or that others read", () => {
    const w = new GraphWriter([8, 5, 5]);
    const f = w.conv("f", w.input, 8);
    w.output(w.add("z", w.input, f));
    expect(left(w.output(f))).toBe("a run returns the convolution's own value");
    const v = new GraphWriter([8, 5, 5]);
    const g = v.conv("f", v.input, 8);
    expect(left(v.output(v.concat("y", v.add("z", v.input, g), g)))).toBe(
      "the convolution's own value has other readers",
    );
  });

  test.each([
    ["that applies an activation", { activation: "relu" }, /already applies relu/],
    ["of one pixel", { size: 5, pads: { top: 0, left: 0, bottom: 0, right: 0 } }, /spread/],
  ] as const)("a convolution %s", (_, options, why) => {
    const w = new GraphWriter([8, 5, 5]);
    expect(left(w.output(w.add("z", w.input, w.conv("f", w.input, 8, options))))).toMatch(why);
  });

  test("sums of three, and what is added with a factor", () => {
    const w = new GraphWriter([8, 5, 5]);
    w.output(w.add("z", w.input, w.conv("f", w.input, 8), w.batchNorm("n", w.input)));
    expect(left(w)).toBe("it is a sum of 3");
    const v = new GraphWriter([8, 5, 5]);
    const scales = { scales: [0.5, 1] };
    v.output(v.node("z", add, [v.input, v.conv("f", v.input, 8)], scales));
    expect(left(v)).toBe("what it is added to has a factor of its own");
  });

  test("where the target's convolutions cannot", () => {
    const residual = (): GraphWriter => {
      const w = new GraphWriter([8, 5, 5]);
      const f = w.conv("f", w.input, 8);
      const attrs = { scales: [1, 1], activation: "relu" } as const;
      return w.output(w.node("z", add, [w.input, f], attrs));
    };
    const without = (kind: string): TargetTraits => ({
      ...traits,
      carries: (_, epilogue) => epilogue.kind !== kind,
    });
    expect(left(residual(), without("residual"))).toBe("test convolutions add nothing else");
    expect(left(residual(), without("activation"))).toBe("test convolutions do not apply relu");
  });
});

test("any convolutions and factors say the same", () => {
  let fired = 0;
  for (let seed = 0; seed < 100; seed++) {
    const random = new Random(seed);
    const w = new GraphWriter([random.pick([4, 6]), random.integer(3, 7), random.integer(3, 7)]);
    const count = w.input.shape[0]!;
    const options = {
      size: random.pick([1, 3]),
      bias: random.chance(0.6),
      groups: random.pick([1, 1, 2, count]),
    };
    const activation = random.pick(["none", "relu", "tanh"] as const);
    const terms = [w.input, w.conv("f", w.batchNorm("n", w.input), count, options)];
    const scales = [1, random.pick([1, 0.17, -2])];
    const sum = random.chance(0.5)
      ? w.node("z", add, terms, { scales, activation })
      : w.node("z", add, [...terms].reverse(), { scales: [...scales].reverse(), activation });
    fired += runPass(fuseAdd, w.output(sum).graph()).fired.length;
  }
  expect(fired).toBe(100);
});
