import { describe, expect, test } from "vitest";
import { activationPrimitives } from "../../src/ops/activations.js";
import type { PoolAttrs } from "../../src/ops/pool-attrs.js";
import { everyWindowMeets, poolPlane, visitWindows } from "../../src/ops/pool-windows.js";
import { maxPool } from "../../src/ops/pool2d.js";
import { noPads } from "../../src/ops/window.js";
import { exchangeMaxPools } from "../../src/passes/exchange-maxpools.js";
import { inference } from "../../src/passes/pipelines.js";
import { runPasses } from "../../src/passes/run.js";
import { GraphWriter } from "../support/graphs.js";
import { interpret } from "../support/interpreter.js";
import { nodeRows, runPass, traits } from "../support/passes.js";
import { Random } from "../support/random.js";
import { weightsFor } from "../support/weights.js";

const { relu, relu6, tanh } = activationPrimitives;

const halves: PoolAttrs = {
  kernel: [2, 2],
  stride: [2, 2],
  pads: noPads,
  ceil: false,
  countPad: true,
};

const clamping = [relu, relu6];

test.each(clamping)("$name goes before the max pool of a convolution", (activation) => {
  const w = new GraphWriter([3, 6, 6]);
  const p = w.node("p", maxPool, [w.conv("a", w.input, 4)], halves);
  const graph = w.output(w.node("y", activation, [p], {})).graph();
  const { graph: after, fired, refused } = runPass(exchangeMaxPools, graph);
  expect(nodeRows(after)).toEqual([
    "a : 4 x 6x6 = conv 1x1 4 (image) weight a.weight bias a.bias",
    `y:before : 4 x 6x6 = ${activation.name} (a)`,
    "y : 4 x 3x3 = maxpool 2x2/2 (y:before)",
  ]);
  expect(fired).toEqual([{ paths: ["p", "y"], what: `${activation.name} put before a max pool` }]);
  expect(refused).toEqual([]);
});

test("then the convolution applies it, or the sum", () => {
  const w = new GraphWriter([3, 6, 6]);
  const p = w.node("p", maxPool, [w.conv("a", w.input, 4)], halves);
  const q = w.node("q", maxPool, [w.add("s", w.input, w.input)], halves);
  w.output(w.node("y", relu, [p], {})).output(w.node("z", relu6, [q], {}));
  expect(nodeRows(runPasses(w.graph(), traits, inference).graph)).toEqual([
    "y:before : 4 x 6x6 = conv 1x1 4 relu (image) weight a.weight bias a.bias",
    "z:before : 3 x 6x6 = add relu6 (image, image)",
    "y : 4 x 3x3 = maxpool 2x2/2 (y:before)",
    "z : 3 x 3x3 = maxpool 2x2/2 (z:before)",
  ]);
});

describe("it does not exchange", () => {
  const refusals = (w: GraphWriter, on = traits): readonly string[] => {
    const graph = w.graph();
    const result = runPass(exchangeMaxPools, graph, on);
    expect(nodeRows(result.graph)).toEqual(nodeRows(graph));
    return result.refused.map(({ why }) => why);
  };
  const written = (): GraphWriter => new GraphWriter([3, 6, 6]);

  test("an activation that bends numbers", () => {
    const w = written();
    const p = w.node("p", maxPool, [w.conv("a", w.input, 4)], halves);
    expect(refusals(w.output(w.node("y", tanh, [p], {})))).toEqual([
      "only relu and relu6 do before a max pool what they do behind it",
    ]);
  });

  test("where no convolution or sum could apply it", () => {
    const w = written();
    const j = w.node("j", maxPool, [w.concat("c", w.input, w.input)], halves);
    const i = w.node("i", maxPool, [w.input], halves);
    w.output(w.node("y", relu, [j], {})).output(w.node("z", relu, [i], {}));
    const why = "there is no convolution or sum before the pool";
    expect(refusals(w)).toEqual([why, why]);
  });

  test("past a convolution that applies something, or does not apply this", () => {
    const w = written();
    const a = w.conv("a", w.input, 4, { activation: "relu6" });
    w.output(w.node("y", relu, [w.node("p", maxPool, [a], halves)], {}));
    expect(refusals(w)).toEqual(["the convolution already applies relu6"]);
    const v = written();
    const p = v.node("p", maxPool, [v.conv("a", v.input, 4)], halves);
    v.output(v.node("y", relu, [p], {}));
    const plain = { ...traits, carries: () => false };
    expect(refusals(v, plain)).toEqual(["test convolutions do not apply relu"]);
  });

  test("values that others read, or that are returned", () => {
    const w = written();
    const a = w.conv("a", w.input, 4);
    const p = w.node("p", maxPool, [a], halves);
    w.output(w.node("y", relu, [p], {})).output(a);
    expect(refusals(w)).toEqual(["a run returns the convolution's own value"]);
    const v = written();
    const b = v.conv("b", v.input, 4);
    const q = v.node("q", maxPool, [b], halves);
    v.output(v.concat("c", v.node("y", relu, [q], {}), q));
    expect(refusals(v)).toEqual(["the pool's own value has other readers"]);
  });

  test("where a window has no tap on the image", () => {
    const w = written();
    const wide = { ...halves, pads: { top: 2, left: 0, bottom: 0, right: 0 } };
    const p = w.node("p", maxPool, [w.conv("a", w.input, 4)], wide);
    w.output(w.node("y", relu, [p], {}));
    expect(refusals(w)).toEqual(["a window has no tap on the image"]);
  });
});

const windowOf = (random: Random): PoolAttrs => {
  const pad = (): number => random.integer(0, 2);
  return {
    kernel: [random.integer(1, 3), random.integer(1, 3)],
    stride: [random.integer(1, 3), random.integer(1, 3)],
    pads: { top: pad(), left: pad(), bottom: pad(), right: pad() },
    ceil: random.chance(0.5),
    countPad: true,
    ...(random.chance(0.4) && { dilation: [random.integer(1, 3), random.integer(1, 3)] }),
  };
};

test("any windows give the same numbers, NaN and infinities among them", () => {
  let fired = 0;
  for (let seed = 0; seed < 300; seed++) {
    const random = new Random(seed);
    const image = [2, random.integer(3, 8), random.integer(3, 8)] as const;
    const w = new GraphWriter(image);
    const p = w.node("p", maxPool, [w.add("a", w.input)], windowOf(random));
    if (p.shape.some((side) => side < 1)) continue;
    const graph = w.output(w.node("y", random.pick(clamping), [p], {})).graph();
    const result = exchangeMaxPools.run(graph, traits);
    fired += result.fired.length;
    const special = [NaN, Infinity, -Infinity, 0, -1, 7];
    const numbers = random
      .floats(image[0] * image[1] * image[2])
      .map((x) => (random.chance(0.1) ? random.pick(special) : x * 8));
    const [before, after] = [graph, result.graph].map((each) =>
      interpret(each, numbers, weightsFor(graph, seed)).get("y")!,
    );
    expect([...after!].map((x) => x + 0)).toEqual([...before!].map((x) => x + 0));
  }
  expect(fired).toBeGreaterThan(100);
});

test("windows without a tap on the image are found as their taps are", () => {
  const seen = new Set<boolean>();
  for (let seed = 0; seed < 500; seed++) {
    const random = new Random(seed);
    const image = [1, random.integer(1, 6), random.integer(1, 6)] as const;
    const attrs = windowOf(random);
    if (poolPlane(image, attrs).some((side) => side < 1)) continue;
    let all = true;
    visitWindows(image, attrs, (_, taps) => (all &&= taps.length > 0));
    expect(everyWindowMeets(image, attrs)).toBe(all);
    seen.add(all);
  }
  expect(seen.size).toBe(2);
});
