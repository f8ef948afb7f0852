import { describe, expect, test } from "vitest";
import { runNodes } from "../../src/graph/graph.js";
import { printGraph } from "../../src/graph/print.js";
import type { Value } from "../../src/graph/value.js";
import { adaptiveAvgPool } from "../../src/ops/adaptive-pool.js";
import { avgPool } from "../../src/ops/pool2d.js";
import type { PoolAttrs } from "../../src/ops/pool-attrs.js";
import { noPads, type Pads } from "../../src/ops/window.js";
import { exchangeAverages } from "../../src/passes/exchange-averages.js";
import { GraphWriter } from "../support/graphs.js";
import { nodeRows, runPass, traits } from "../support/passes.js";
import { Random } from "../support/random.js";

const around: Pads = { top: 1, left: 1, bottom: 1, right: 1 };

const average = (w: GraphWriter, name: string, x: Value, more: Partial<PoolAttrs> = {}): Value =>
  w.node(name, avgPool, [x], {
    ...{ kernel: [3, 3], stride: [1, 1], pads: around, ceil: false, countPad: true },
    ...more,
  });

const rowsOf = (w: GraphWriter): readonly string[] =>
  nodeRows(runPass(exchangeAverages, w.graph()).graph);

test("a convolution to fewer channels comes first, its bias and activation last", () => {
  const w = new GraphWriter([96, 12, 12]);
  const y = w.conv("y", average(w, "a", w.input), 8, { activation: "leakyrelu", alpha: 0.2 });
  const { graph, fired } = runPass(exchangeAverages, w.output(y).graph());
  expect(printGraph(graph)).toBe(`Test (image : 96 x 12x12) -> y
y:before : 8 x 12x12 = conv 1x1 8 no bias (image) weight y.weight
y:average : 8 x 12x12 = avgpool 3x3 pad 1 (y:before)
y : 8 x 12x12 = conv 1x1 8 groups 8 leakyrelu 0.2 (y:average) weight ones bias y.bias
`);
  expect(fired).toEqual([{ paths: ["a", "y"], what: "1x1 convolution put before an average" }]);
});

test.each([
  ["has no bias", { bias: false }, {}],
  ["meets no padding", {}, { pads: noPads }],
  ["meets padding that does not count", {}, { countPad: false }],
] as const)("nothing comes behind where the convolution %s", (_, conv, pool) => {
  const w = new GraphWriter([96, 12, 12]);
  w.output(w.conv("y", average(w, "a", w.input, pool), 8, conv));
  expect(rowsOf(w)).toEqual([
    expect.stringMatching(/^y:before : 8 x 12x12 = conv 1x1 8/),
    expect.stringMatching(/^y : 8 x 1.x1. = avgpool 3x3/),
  ]);
});

test("a convolution comes behind an average that leaves fewer pixels", () => {
  const w = new GraphWriter([64, 12, 12]);
  const halves = { kernel: [2, 2], stride: [2, 2], pads: noPads } as const;
  const { graph, fired } = runPass(
    exchangeAverages,
    w.output(average(w, "y", w.conv("a", w.input, 32), halves)).graph(),
  );
  expect(nodeRows(graph)).toEqual([
    "y:average : 64 x 6x6 = avgpool 2x2/2 (image)",
    "y : 32 x 6x6 = conv 1x1 32 (y:average) weight a.weight bias a.bias",
  ]);
  expect(fired).toEqual([{ paths: ["a", "y"], what: "1x1 convolution put behind an average" }]);
});

test("and behind that of the whole image", () => {
  const w = new GraphWriter([64, 12, 12]);
  w.output(w.node("y", adaptiveAvgPool, [w.conv("a", w.input, 32)], { size: [1, 1] }));
  expect(rowsOf(w)).toEqual([
    "y:average : 64 x 1x1 = adaptiveavgpool 1x1 (image)",
    "y : 32 x 1x1 = conv 1x1 32 (y:average) weight a.weight bias a.bias",
  ]);
});

test("what a convolution applies comes first where nothing else is added behind the average", () => {
  const w = new GraphWriter([96, 12, 12]);
  const applied = { activation: "leakyrelu", alpha: 0.2 } as const;
  const y = w.conv("y", average(w, "a", w.input, { pads: noPads }), 8, applied);
  const graph = w.output(y).graph();
  expect(nodeRows(runPass(exchangeAverages, graph).graph)).toEqual([
    "y:before : 8 x 12x12 = conv 1x1 8 (image) weight y.weight bias y.bias",
    "y : 8 x 10x10 = avgpool 3x3 leakyrelu 0.2 (y:before)",
  ]);
  const plain = { ...traits, carries: (primitive: string) => primitive !== avgPool.name };
  expect(nodeRows(runPass(exchangeAverages, graph, plain).graph).at(-1)).toBe(
    "y : 8 x 10x10 = conv 1x1 8 groups 8 leakyrelu 0.2 (y:average) weight ones bias y.bias",
  );
});

test("what an average applies, the convolution that comes behind it does", () => {
  const w = new GraphWriter([64, 12, 12]);
  const halves = { kernel: [2, 2], stride: [2, 2], pads: noPads } as const;
  const applied = { activation: "elu", alpha: 0.5 } as const;
  const y = average(w, "y", w.conv("a", w.input, 32), { ...halves, ...applied });
  const graph = w.output(y).graph();
  expect(nodeRows(runPass(exchangeAverages, graph).graph)).toEqual([
    "y:average : 64 x 6x6 = avgpool 2x2/2 (image)",
    "y : 32 x 6x6 = conv 1x1 32 elu 0.5 (y:average) weight a.weight bias a.bias",
  ]);
  const { graph: left, refused } = runPass(exchangeAverages, graph, {
    ...traits,
    carries: () => false,
  });
  expect(nodeRows(left)).toEqual(nodeRows(graph));
  expect(refused.map(({ why }) => why)).toEqual(["test convolutions do not apply elu"]);
});

describe("it does not exchange", () => {
  const left = (w: GraphWriter): string | undefined => {
    const graph = w.graph();
    const { graph: after, fired, refused } = runPass(exchangeAverages, graph);
    expect(fired).toEqual([]);
    expect(nodeRows(after)).toEqual(nodeRows(graph));
    return refused[0]?.why;
  };

  test("what would take more", () => {
    const w = new GraphWriter([8, 12, 12]);
    expect(left(w.output(w.conv("y", average(w, "a", w.input), 96)))).toMatch(/would take more/);
  });

  test("around a value that is returned, or that others read", () => {
    const w = new GraphWriter([96, 12, 12]);
    const a = average(w, "a", w.input);
    w.output(a);
    expect(left(w.output(w.conv("y", a, 8)))).toBe("a run returns the value between them");
    const v = new GraphWriter([96, 12, 12]);
    const b = average(v, "b", v.input);
    v.output(v.conv("y", b, 8));
    expect(left(v.output(v.conv("z", b, 8)))).toBe("the value between them has other readers");
  });

  test("an average that applies something and the convolution of what it gives", () => {
    const w = new GraphWriter([96, 12, 12]);
    const a = average(w, "a", w.input, { activation: "relu" });
    expect(left(w.output(w.conv("y", a, 8)))).toBeUndefined();
  });

  test.each([
    ["that ends in an activation", { activation: "relu" }, {}],
    ["whose bias would be averaged with zeros", {}, { pads: around }],
    ["of more than a pixel", { size: 3 }, {}],
    ["of groups", { groups: 2 }, {}],
    ["with a stride", { stride: [2, 2] }, {}],
  ] as const)("a convolution %s", (_, conv, pool) => {
    const w = new GraphWriter([64, 12, 12]);
    const thirds = { kernel: [3, 3], stride: [3, 3], pads: noPads, ...pool } as const;
    expect(left(w.output(average(w, "y", w.conv("a", w.input, 32, conv), thirds)))).toBeUndefined();
  });
});

test("any averages and channels say the same", () => {
  let fired = 0;
  for (let seed = 0; seed < 200; seed++) {
    const random = new Random(seed);
    const pad = (): number => random.integer(0, 1);
    const pool: PoolAttrs = {
      kernel: [random.integer(2, 3), random.integer(2, 4)],
      stride: [random.integer(1, 3), random.integer(1, 2)],
      pads: random.chance(0.3) ? noPads : { top: pad(), left: pad(), bottom: pad(), right: pad() },
      ceil: random.chance(0.5),
      countPad: random.chance(0.5),
    };
    const any = ["none", "none", "relu", "sigmoid"] as const;
    const activation = random.pick(any);
    const options = { bias: random.chance(0.6), activation };
    const w = new GraphWriter([random.pick([3, 40]), random.integer(4, 9), random.integer(4, 9)]);
    const count = random.pick([2, 30]);
    const y = random.chance(0.5)
      ? w.conv("y", w.node("a", avgPool, [w.input], pool), count, options)
      : w.node("y", avgPool, [w.conv("a", w.input, count, options)], {
          ...pool,
          activation: random.pick(any),
        });
    const result = runPass(exchangeAverages, w.output(y).graph());
    fired += result.fired.length;
    expect(runNodes(result.graph).length).toBeLessThanOrEqual(3);
  }
  expect(fired).toBeGreaterThan(30);
});
