import { describe, expect, test } from "vitest";
import { parametersOf } from "../../src/graph/graph.js";
import { printGraph } from "../../src/graph/print.js";
import type { Value } from "../../src/graph/value.js";
import { avgPool, maxPool } from "../../src/ops/pool2d.js";
import type { PoolAttrs } from "../../src/ops/pool-attrs.js";
import { pooledConv } from "../../src/ops/pooled-conv.js";
import { fusePool } from "../../src/passes/fuse-pool.js";
import type { TargetTraits } from "../../src/passes/pass.js";
import { GraphWriter } from "../support/graphs.js";
import { nodeRows, runPass, traits } from "../support/passes.js";
import { Random } from "../support/random.js";

const same: PoolAttrs = {
  kernel: [3, 3],
  stride: [1, 1],
  pads: { top: 1, left: 1, bottom: 1, right: 1 },
  ceil: false,
  countPad: false,
};

const pooled = (w: GraphWriter, attrs: Partial<PoolAttrs> = {}, average = false): Value =>
  w.node("p", average ? avgPool : maxPool, [w.input], { ...same, ...attrs });

test("a 1x1 convolution takes the pool before it in", () => {
  const w = new GraphWriter([8, 5, 5]);
  const before = w.output(w.conv("y", pooled(w), 4, { activation: "relu" })).graph();
  const { graph, fired, refused } = runPass(fusePool, before);
  expect(printGraph(graph)).toBe(`Test (image : 8 x 5x5) -> y
y : 4 x 5x5 = pooledconv maxpool 3x3 pad 1, conv 1x1 4 relu (image) weight y.weight bias y.bias
`);
  expect(fired).toEqual([
    { paths: ["p", "y"], what: "pool taken in by the 1x1 convolution behind it" },
  ]);
  expect(refused).toEqual([]);
  expect(parametersOf(graph)).toEqual(parametersOf(before));
});

test("an average, and one that leaves pixels out", () => {
  const w = new GraphWriter([8, 7, 9]);
  const pads = { top: 0, left: 0, bottom: 0, right: 0 };
  const p = pooled(w, { stride: [2, 3], pads }, true);
  expect(nodeRows(runPass(fusePool, w.output(w.conv("y", p, 4)).graph()).graph)).toEqual([
    "y : 4 x 3x3 = pooledconv avgpool 3x3/2x3 padding not counted, conv 1x1 4 (image) weight y.weight bias y.bias",
  ]);
});

describe("it does not fuse", () => {
  const left = (w: GraphWriter, on?: TargetTraits): string | undefined => {
    const graph = w.graph();
    const { graph: after, fired, refused } = runPass(fusePool, graph, on);
    expect(fired).toEqual([]);
    expect(nodeRows(after)).toEqual(nodeRows(graph));
    return refused[0]?.why;
  };

  test.each([
    ["of a larger window", { size: 3 }],
    ["with groups", { groups: 2 }],
  ])("a convolution %s", (_, options) => {
    const w = new GraphWriter([8, 5, 5]);
    expect(left(w.output(w.conv("y", pooled(w), 4, options)))).toBeUndefined();
  });

  test("one that adds another value", () => {
    const w = new GraphWriter([8, 5, 5]);
    const y = w.conv("y", pooled(w), 8);
    const node = w
      .output(y)
      .graph()
      .nodes.find(({ outputs }) => outputs.includes(y))!;
    const graph = { ...w.graph() };
    const nodes = graph.nodes.map((each) =>
      each === node ? { ...each, inputs: [...each.inputs, w.input] } : each,
    );
    expect(runPass(fusePool, { ...graph, nodes }).fired).toEqual([]);
  });

  test("a pool that is returned, or that others read", () => {
    const w = new GraphWriter([8, 5, 5]);
    const p = pooled(w);
    w.output(w.conv("y", p, 4));
    expect(left(w.output(p))).toBe("a run returns the pool's own value");
    const v = new GraphWriter([8, 5, 5]);
    const q = pooled(v);
    expect(left(v.output(v.concat("z", v.conv("y", q, 4), q)))).toBe(
      "the pool's own value has other readers",
    );
  });

  test("where the target estimates no gain, or has no kernel", () => {
    const pair = (): GraphWriter => {
      const w = new GraphWriter([8, 5, 5]);
      return w.output(w.conv("y", pooled(w), 4));
    };
    const estimating = (both: number | undefined): TargetTraits => ({
      ...traits,
      estimate: ({ primitive }) => (primitive === pooledConv ? both : 1),
    });
    expect(left(pair(), estimating(2))).toBe("both together would take no less");
    expect(left(pair(), estimating(undefined))).toBe("test has no kernel of both");
    expect(runPass(fusePool, pair().graph(), estimating(1.9)).fired).toHaveLength(1);
  });
});

test("any pools and convolutions say the same", () => {
  for (let seed = 0; seed < 100; seed++) {
    const random = new Random(seed);
    const w = new GraphWriter([random.pick([3, 4]), random.integer(3, 8), random.integer(3, 8)]);
    const average = random.chance(0.5);
    const window = {
      stride: random.pick([
        [1, 1],
        [2, 2],
        [1, 3],
      ] as const),
      ceil: random.chance(0.5),
      countPad: average && random.chance(0.5),
      ...(average ? {} : random.pick([{}, { kernel: [2, 2], dilation: [2, 1] } as const])),
    };
    const options = {
      bias: random.chance(0.6),
      activation: random.pick(["none", "relu", "tanh"] as const),
    };
    const y = w.conv("y", pooled(w, window, average), random.integer(1, 5), options);
    expect(runPass(fusePool, w.output(y).graph()).fired).toHaveLength(1);
  }
});
