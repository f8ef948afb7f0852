import { describe, expect, test } from "vitest";
import { parametersOf, runNodes } from "../../src/graph/graph.js";
import { printGraph } from "../../src/graph/print.js";
import type { Value } from "../../src/graph/value.js";
import { adaptiveAvgPool } from "../../src/ops/adaptive-pool.js";
import { activationPrimitives } from "../../src/ops/activations.js";
import { flatten } from "../../src/ops/flatten.js";
import { linear } from "../../src/ops/linear.js";
import { avgPool, maxPool } from "../../src/ops/pool2d.js";
import type { PoolAttrs } from "../../src/ops/pool-attrs.js";
import { noPads } from "../../src/ops/window.js";
import { composeLinears } from "../../src/passes/compose-linears.js";
import { dropUnused } from "../../src/passes/drop-unused.js";
import { GraphWriter } from "../support/graphs.js";
import { nodeRows, runPass, traits } from "../support/passes.js";
import { Random } from "../support/random.js";

const { relu } = activationPrimitives;

const fully = (w: GraphWriter, name: string, x: Value, features = 3, bias = true): Value =>
  w.node(name, linear, [x], { features, bias });

const pool = (more: Partial<PoolAttrs>): PoolAttrs => ({
  kernel: [3, 3],
  stride: [1, 1],
  pads: { top: 1, left: 1, bottom: 1, right: 1 },
  ceil: false,
  countPad: true,
  ...more,
});

const composed = (w: GraphWriter): readonly string[] =>
  nodeRows(runPass(composeLinears, w.graph()).graph);

test("a linear reads what a convolution does, borders and biases too", () => {
  const w = new GraphWriter([2, 6, 5]);
  const graph = w.output(fully(w, "y", w.conv("a", w.input, 16, { size: 3 }))).graph();
  const { graph: after, fired } = runPass(composeLinears, graph);
  expect(printGraph(after)).toBe(`Test (image : 2 x 6x5) -> y
prepare y:a.weight:composed : 3 x 60, y:a.bias:composed : 3 = compose 16 x 6x5 to 2 x 6x5 rows y.weight bias y.bias weight a.weight shift a.bias
y : 3 = linear 3 (image) weight y:a.weight:composed bias y:a.bias:composed
`);
  expect(fired).toEqual([{ paths: ["a", "y"], what: "composed to one linear map" }]);
});

test("through flatten, averages and linears", () => {
  const w = new GraphWriter([2, 12, 12]);
  const a = w.conv("a", w.input, 16, { size: 3, bias: false });
  const b = w.node("b", avgPool, [a], pool({}));
  const c = w.node("c", adaptiveAvgPool, [b], { size: [6, 4] });
  const d = w.node("d", flatten, [c], {});
  w.output(fully(w, "y", fully(w, "e", d, 50), 3, false));
  expect(composed(w)).toEqual([expect.stringMatching(/^y : 3 = linear 3 \(image\) weight/)]);
});

test("what is linear of a concat goes, and the sum of the rest stays", () => {
  const w = new GraphWriter([3, 8, 8]);
  const stem = w.conv("stem", w.input, 32, { size: 3 });
  const a = w.conv("a", stem, 32);
  const b = w.conv("b", w.conv("b0", stem, 16), 48, { size: 3 });
  const c = w.conv("c", w.node("p", maxPool, [stem], pool({})), 64);
  w.output(fully(w, "y", w.concat("j", a, w.concat("k", b, c)), 5));
  expect(composed(w)).toEqual([
    expect.stringMatching(/^stem : 32 x 8x8 = conv/),
    expect.stringMatching(/^p : 32 x 8x8 = maxpool/),
    expect.stringMatching(/^y:p : 5 = linear 5 \(p\) weight y:c.weight:composed bias/),
    expect.stringMatching(/^y:image : 5 = linear 5 no bias \(image\) weight/),
    "y : 5 = add (y:p, y:image)",
  ]);
});

test("an activation stays behind the map, or the sum of several", () => {
  const w = new GraphWriter([2, 6, 5]);
  const a = w.conv("a", w.input, 40, { size: 3 });
  const applied = { features: 3, bias: true, activation: "leakyrelu", alpha: 0.3 } as const;
  w.output(w.node("y", linear, [a], applied));
  const p = w.node("p", maxPool, [w.input], pool({}));
  w.output(w.node("z", linear, [w.concat("j", w.conv("c", w.input, 400), p)], applied));
  expect(composed(w)).toEqual([
    expect.stringMatching(/^y : 3 = linear 3 leakyrelu 0.3 \(image\)/),
    expect.stringMatching(/^p : 2 x 6x5/),
    expect.stringMatching(/^z:p : 3 = linear 3 \(p\)/),
    expect.stringMatching(/^z:image : 3 = linear 3 no bias \(image\)/),
    expect.stringMatching(/^z : 3 = add leakyrelu 0.3 \(z:/),
  ]);
});

test("parameters keep their order, by which tensors of a file may go", () => {
  const w = new GraphWriter([3, 8, 8]);
  const a = w.conv("a", w.input, 32);
  const b = w.conv("b", w.input, 8, { activation: "relu" });
  w.output(fully(w, "y", fully(w, "h", w.concat("j", a, b, w.conv("c", a, 8)), 400)));
  const graph = w.graph();
  const { graph: after, fired } = runPass(composeLinears, graph);
  expect(fired).not.toEqual([]);
  const names = parametersOf(graph).map(({ name }) => name);
  expect(parametersOf(after).map(({ name }) => name)).toEqual(names);
  expect(parametersOf({ nodes: after.nodes }).map(({ name }) => name)).not.toEqual(names);
});

test("a value twice in a concat gets the sum of both shares", () => {
  const w = new GraphWriter([3, 12, 12]);
  const a = w.conv("a", w.input, 64);
  w.output(fully(w, "y", w.concat("j", a, a)));
  expect(composed(w)).toHaveLength(1);
});

describe("it does not compose", () => {
  const left = (w: GraphWriter): string | undefined => {
    const graph = w.graph();
    const { graph: after, fired, refused } = runPass(composeLinears, graph);
    expect(fired).toEqual([]);
    expect(nodeRows(after)).toEqual(nodeRows(graph));
    return refused[0]?.why;
  };

  test("a narrow layer between wide ones", () => {
    const w = new GraphWriter([8, 8, 8]);
    expect(left(w.output(fully(w, "y", fully(w, "a", w.input, 4), 300)))).toBe(
      "one linear map would take more than they do",
    );
  });

  test("an average of the whole image, which the linear is small for", () => {
    const w = new GraphWriter([64, 12, 12]);
    const a = w.node("a", adaptiveAvgPool, [w.input], { size: [1, 1] });
    expect(left(w.output(fully(w, "y", a, 100)))).toBeUndefined();
  });

  test("past a value that is returned", () => {
    const w = new GraphWriter([2, 6, 6]);
    const a = w.conv("a", w.input, 16);
    w.output(a);
    expect(left(w.output(fully(w, "y", a)))).toBe("a run returns the value between them");
  });

  test("over a linear that applies an activation", () => {
    const w = new GraphWriter([2, 6, 6]);
    const a = w.node("a", linear, [w.input], { features: 400, bias: true, activation: "relu" });
    expect(left(w.output(fully(w, "y", a)))).toBeUndefined();
  });

  test("over averages that apply an activation", () => {
    const w = new GraphWriter([2, 6, 6]);
    const a = w.node("a", avgPool, [w.input], pool({ activation: "relu" }));
    const b = w.node("b", adaptiveAvgPool, [a], { size: [2, 2], activation: "tanh" });
    expect(left(w.output(fully(w, "y", b)).output(fully(w, "z", a)))).toBeUndefined();
  });

  test("over activations", () => {
    const w = new GraphWriter([2, 6, 6]);
    const a = w.conv("a", w.input, 16, { activation: "relu" });
    expect(left(w.output(fully(w, "y", w.node("r", relu, [a], {}))))).toBeUndefined();
  });

  test("what nobody would wait for", () => {
    const w = new GraphWriter([64, 60, 60]);
    const a = w.conv("a", w.input, 900, { size: 5 });
    const graph = w.output(fully(w, "y", a, 100)).graph();
    expect(composeLinears.run(graph, traits).refused[0]!.why).toBe(
      "preparing the weights of one map would take too long",
    );
  });
});

/** A linear map of any kind that fits, or an activation. */
function anyNode(w: GraphWriter, name: string, x: Value, random: Random): Value {
  const side = (most: number): number => random.integer(1, most);
  const [channels, height, width] = x.shape as [number, number, number];
  const small = Math.min(height, width, 3);
  const pad = (): number => random.integer(0, Math.ceil(small / 2) - 1);
  const window = {
    kernel: [side(small), side(small)] as const,
    stride: [side(2), side(3)] as const,
    pads: noPads,
  };
  switch (random.integer(0, 6)) {
    case 0:
      return w.node(name, relu, [x], {});
    case 1:
      return w.node(name, avgPool, [x], {
        ...pool({ kernel: [small, small], stride: window.stride, countPad: random.chance(0.5) }),
        pads: { top: pad(), left: pad(), bottom: pad(), right: pad() },
        ceil: random.chance(0.5),
      });
    case 2:
      return w.node(name, adaptiveAvgPool, [x], { size: [side(height), side(width)] });
    case 3: {
      const groups = random.pick([1, channels]);
      return w.conv(name, x, groups * 2, { ...window, groups, bias: random.chance(0.5) });
    }
    default: {
      const pads = { top: side(2), left: side(3) - 1, bottom: side(2) - 1, right: side(2) };
      const bias = random.chance(0.5);
      const dilation = [1, height > 6 && width > 6 ? side(2) : 1] as const;
      return w.conv(name, x, random.pick([1, 8, 60]), { ...window, pads, bias, dilation });
    }
  }
}

test("random networks before a linear say the same", () => {
  const counted = { fired: 0, parted: 0 };
  for (let seed = 0; seed < 400; seed++) {
    const random = new Random(seed);
    const w = new GraphWriter([random.integer(1, 3), random.integer(3, 13), random.integer(3, 13)]);
    const values = [w.input];
    for (let i = 0; i < random.integer(1, 6); i++) {
      values.push(anyNode(w, `n${i}`, random.pick(values.slice(-2)), random));
      const last = values.at(-1)!;
      const beside = values.filter(
        ({ shape }) => shape.slice(1).join() === last.shape.slice(1).join(),
      );
      if (random.chance(0.6)) values.push(w.concat(`j${i}`, last, random.pick(beside), last));
    }
    let x = values.at(-1)!;
    if (random.chance(0.3)) x = fully(w, "hidden", x, random.pick([2, 40]), random.chance(0.5));
    w.output(fully(w, "y", x, random.integer(1, 4)));
    const { graph } = dropUnused.run(w.graph(), traits);
    const { graph: after, fired } = runPass(composeLinears, graph);
    counted.fired += fired.length;
    counted.parted += Number(
      runNodes(after).some(({ inputs }) => inputs[0]?.name.startsWith("y:")),
    );
  }
  expect(counted.fired).toBeGreaterThan(100);
  expect(counted.parted).toBeGreaterThan(3);
});
