import { describe, expect, test } from "vitest";
import type { Graph } from "../../src/graph/graph.js";
import type { Value } from "../../src/graph/value.js";
import { verifyGraph } from "../../src/graph/verify.js";
import { linear } from "../../src/ops/linear.js";
import { maxPool } from "../../src/ops/pool2d.js";
import { activationPrimitives } from "../../src/ops/activations.js";
import { softmax } from "../../src/ops/softmax.js";
import { runPasses } from "../../src/passes/run.js";
import { planMemory } from "../../src/plan/memory.js";
import type { LayoutRule, PlacedValue, Plan } from "../../src/plan/plan.js";
import { arenaRows } from "../../src/plan/report.js";
import { GraphWriter } from "../support/graphs.js";
import { blocked, channelsLast, planar, shared } from "../support/layouts.js";
import { traits } from "../support/passes.js";
import { checkPlan, mostAlive } from "../support/plan-check.js";
import { Random } from "../support/random.js";

const { relu } = activationPrimitives;

const rules: Readonly<Record<string, LayoutRule>> = {
  planar,
  blocked: blocked(16),
  shared: shared(16),
  channelsLast,
};

const placed = (plan: Plan, name: string): PlacedValue =>
  [...plan.values.values()].find(({ value }) => value.name === name)!;

const offset = (plan: Plan, name: string): number | undefined => {
  const { place } = placed(plan, name);
  return place.kind === "arena" ? place.offset : undefined;
};

describe("a chain", () => {
  const chain = (): Graph => {
    const w = new GraphWriter([3, 8, 8]);
    let x = w.input;
    for (let i = 0; i < 6; i++) x = w.conv(`c${i}`, x, 16);
    return w.output(w.node("fc", linear, [x], { features: 5, bias: true })).graph();
  };

  test("needs two buffers, whatever its length", () => {
    const plan = planMemory(chain(), { ...planar, workspace: () => 0 });
    expect(plan.arenaBytes).toBe(2 * 4 * 16 * 64);
    expect(new Set(["c0", "c2", "c4"].map((name) => offset(plan, name))).size).toBe(1);
    expect(plan.nodes.map(({ level }) => level)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  test("gives scratch bytes of its own to the node that runs", () => {
    const plan = planMemory(chain(), planar);
    const scratch = plan.nodes.filter((node) => node.workspace !== undefined);
    expect(scratch).toHaveLength(6);
    expect(plan.arenaBytes).toBeGreaterThan(2 * 4 * 16 * 64);
    expect(checkPlan(plan)).toEqual([]);
  });
});

describe("outputs", () => {
  test("a planar output is written directly and not copied", () => {
    const w = new GraphWriter([3, 8, 8]);
    const fc = w.node("fc", linear, [w.input], { features: 5, bias: true });
    const plan = planMemory(
      w
        .output(fc)
        .output(w.node("p", softmax, [fc], {}))
        .graph(),
      planar,
    );
    expect(placed(plan, "fc").place).toEqual({ kind: "output", index: 0 });
    expect(placed(plan, "p").place).toEqual({ kind: "output", index: 1 });
    expect(plan.copies).toEqual([]);
    expect(plan.arenaBytes).toBe(0);
  });

  test("a blocked value, a slice, the input and a second name are copied when they are ready", () => {
    const w = new GraphWriter([3, 8, 8]);
    const a = w.conv("a", w.input, 16);
    const b = w.conv("b", a, 16);
    const joined = w.concat("j", a, b);
    const fc = w.node("fc", linear, [joined], { features: 5, bias: true });
    w.output(fc).output(w.input, "same").output(a, "tap").output(joined, "all");
    const { graph } = runPasses(w.output(fc, "again").graph(), traits);
    const plan = planMemory(graph, blocked(16));
    const copies = plan.copies.map(({ value, index, level }) => [value.name, index, level]);
    expect(copies).toEqual([
      ["image", 1, 0],
      ["a", 2, 1],
      ["j", 3, 2],
      ["fc", 4, 3],
    ]);
    expect(placed(plan, "fc").place).toEqual({ kind: "output", index: 0 });
    expect(checkPlan(plan)).toEqual([]);
  });
});

describe("concat in place", () => {
  test("branches are slices of one buffer, nested ones of the outermost", () => {
    const w = new GraphWriter([3, 8, 8]);
    const [a, b, c] = (["a", "b", "c"] as const).map((name) =>
      w.conv(name, w.input, name === "c" ? 32 : 16, { activation: "relu" }),
    );
    const outer = w.concat("outer", a!, w.concat("inner", b!, c!));
    w.output(w.node("fc", linear, [outer], { features: 5, bias: true }));
    const { graph } = runPasses(w.graph(), traits);
    const plan = planMemory(graph, { ...blocked(16), workspace: () => 0 });
    const channel = (name: string): number | undefined => placed(plan, name).sliceOf?.channel;
    expect(["a", "inner", "b", "c"].map(channel)).toEqual([0, 16, 16, 32]);
    expect(["a", "b", "c"].map((name) => offset(plan, name))).toEqual(
      [0, 16, 32].map((c) => c * 256),
    );
    expect(plan.arenaBytes).toBe(64 * 256);
    // Two concats that do nothing add no level to the convolution and the linear.
    expect(Math.max(...plan.nodes.map(({ level }) => level))).toBe(1);
  });

  test("slices of a pixel-by-pixel buffer keep its pitch", () => {
    const w = new GraphWriter([3, 8, 8]);
    const relu = { activation: "relu" } as const;
    const joined = w.concat("j", w.conv("a", w.input, 16, relu), w.conv("b", w.input, 8, relu));
    w.output(w.node("fc", linear, [joined], { features: 5, bias: true }));
    const plan = planMemory(runPasses(w.graph(), traits).graph, channelsLast);
    expect(placed(plan, "b").layout).toEqual({ kind: "channels-last" });
    expect(offset(plan, "b")).toBe(offset(plan, "j")! + 64);
  });
});

describe("in place", () => {
  const chain = (tap: boolean): Plan => {
    const w = new GraphWriter([3, 8, 8]);
    const a = w.conv("a", w.input, 16);
    const b = w.node("b", relu, [a], {});
    w.output(w.node("fc", linear, [b], { features: 5, bias: true }));
    if (tap) w.output(w.node("late", linear, [a], { features: 5, bias: true }));
    return planMemory(w.graph(), planar);
  };

  test("a node writes over an input that dies with it", () => {
    const plan = chain(false);
    expect(offset(plan, "b")).toBe(offset(plan, "a"));
    expect(checkPlan(plan)).toEqual([]);
  });

  test("but not over one that another node of the level reads", () => {
    const plan = chain(true);
    expect(offset(plan, "b")).not.toBe(offset(plan, "a"));
    expect(checkPlan(plan)).toEqual([]);
  });

  test("nor over one that it reads twice", () => {
    const w = new GraphWriter([3, 8, 8]);
    const a = w.conv("a", w.input, 16);
    const twice = w.add("twice", a, a);
    w.output(w.node("fc", linear, [twice], { features: 5, bias: true }));
    const plan = planMemory(w.graph(), planar);
    expect(offset(plan, "twice")).not.toBe(offset(plan, "a"));
  });

  test("one of two operands may be written over, the other lives on", () => {
    const w = new GraphWriter([3, 8, 8]);
    const [a, b] = [w.conv("a", w.input, 16), w.conv("b", w.input, 16)];
    const sum = w.add("sum", a, b);
    w.output(w.node("fc", linear, [w.add("again", sum, a)], { features: 5, bias: true }));
    const plan = planMemory(w.graph(), planar);
    expect(offset(plan, "sum")).toBe(offset(plan, "b"));
    expect(offset(plan, "again")).toBe(offset(plan, "sum"));
    expect(checkPlan(plan)).toEqual([]);
  });

  test("nor over one that takes other bytes, or lies otherwise", () => {
    const w = new GraphWriter([16, 8, 8]);
    const wider: typeof relu = { ...relu, infer: ([x]) => [[x![0]! + 16, ...x!.slice(1)]] };
    const own = w.node("own", relu, [w.input], {});
    w.output(w.conv("c", w.node("wide", wider, [own], {}), 4, { size: 3 }));
    // The input is brought into the arena planar; all that is made of it is in blocks.
    const plan = planMemory(w.graph(), { ...blocked(16), loadsInputs: true });
    expect(offset(plan, "own")).not.toBe(offset(plan, "image"));
    expect(offset(plan, "wide")).not.toBe(offset(plan, "own"));
    expect(checkPlan(plan)).toEqual([]);
    const alike = planMemory(w.graph(), { ...planar, loadsInputs: true });
    expect(offset(alike, "own")).toBe(offset(alike, "image"));
    expect(checkPlan(alike)).toEqual([]);
  });

  test("nor over a slice", () => {
    const w = new GraphWriter([3, 8, 8]);
    const a = w.conv("a", w.input, 16, { size: 3 });
    const twice = w.add("twice", a, a);
    const joined = w.concat("j", twice, w.conv("c", w.input, 16));
    const over = w.node("over", relu, [twice], {});
    w.output(w.node("fc", linear, [w.concat("k", joined, over)], { features: 5, bias: true }));
    const plan = planMemory(runPasses(w.graph(), traits).graph, blocked(16));
    expect(offset(plan, "over")).not.toBe(offset(plan, "twice"));
    expect(checkPlan(plan)).toEqual([]);
  });
});

/** Any mixture of joins, activations, pools and convolutions over one size of image. */
function randomGraph(seed: number): Graph {
  const random = new Random(seed);
  const w = new GraphWriter([random.pick([1, 3, 16]), 3, 2]);
  const values: Value[] = [w.input];
  const any = (): Value => values[Math.max(0, values.length - random.integer(1, 5))]!;
  const like = (x: Value): Value => random.pick(values.filter((v) => v.shape[0] === x.shape[0]));
  for (let i = 0; i < 14; i++) {
    const x = any();
    const name = `v${i}`;
    const make: readonly (() => Value)[] = [
      () => w.conv(name, x, random.pick([1, 3, 16, 17, 32]), { size: random.pick([1, 3]) }),
      () => w.conv(name, x, random.pick([16, 32]), { size: 1, activation: "relu" }),
      () => w.node(name, relu, [x], {}),
      () => w.batchNorm(name, x),
      () => w.add(name, x, like(x)),
      () => w.concat(name, x, any(), ...(random.chance(0.5) ? [any()] : [])),
      () => w.node(name, maxPool, [x], window3),
    ];
    values.push(random.pick(make)());
  }
  for (let i = 0; i < 3; i++) w.output(random.pick(values), `out${i}`);
  return w.output(values[values.length - 1]!, "last").graph();
}

const window3 = {
  kernel: [3, 3],
  stride: [1, 1],
  pads: { top: 1, left: 1, bottom: 1, right: 1 },
  ceil: false,
  countPad: true,
} as const;

describe.each(Object.entries(rules))("random graphs, %s", (_, rule) => {
  test.each(Array.from({ length: 60 }, (_, seed) => seed))("seed %i", (seed) => {
    const { graph } = runPasses(randomGraph(seed), traits);
    const plan = planMemory(graph, rule);
    expect(verifyGraph(graph)).toEqual([]);
    expect(checkPlan(plan)).toEqual([]);
    const alive = mostAlive(buffers(plan));
    expect(plan.arenaBytes).toBeGreaterThanOrEqual(alive);
    expect(plan.arenaBytes).toBeLessThanOrEqual(1.5 * alive + 64 * 20);
  });
});

/** The arena's rows with values that overwrite one another in place counted once. */
function buffers(plan: Plan): ReturnType<typeof arenaRows> {
  const rows = arenaRows(plan);
  return rows.filter(
    (row) =>
      !rows.some((other) => other !== row && other.offset === row.offset && other.to === row.from),
  );
}

test("the checker sees a plan in which two live values share bytes", () => {
  const w = new GraphWriter([3, 4, 4]);
  const [a, b] = [w.conv("a", w.input, 16), w.conv("b", w.input, 16, { size: 3 })];
  const graph = w
    .output(w.node("fc", linear, [w.concat("j", a, b)], { features: 2, bias: true }))
    .graph();
  const plan = planMemory(graph, planar);
  expect(checkPlan(plan)).toEqual([]);
  const values = new Map(plan.values).set(b, {
    ...placed(plan, "b"),
    place: placed(plan, "a").place,
  });
  expect(checkPlan({ ...plan, values }).length).toBeGreaterThan(0);
  const scratch = plan.nodes.map((planned) =>
    planned.node.outputs[0] === b
      ? { ...planned, workspace: { of: "image" as const, offset: offset(plan, "a")!, bytes: 8 } }
      : planned,
  );
  expect(checkPlan({ ...plan, nodes: scratch })).toContain("b writes what a uses");
});
