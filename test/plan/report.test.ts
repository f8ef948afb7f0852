import { describe, expect, test } from "vitest";
import { buildGraph } from "../../src/graph/build.js";
import type { Graph } from "../../src/graph/graph.js";
import { readSource } from "../../src/model/sources/files.js";
import { algebra, inference, without } from "../../src/passes/pipelines.js";
import { runPasses } from "../../src/passes/run.js";
import { planMemory } from "../../src/plan/memory.js";
import { arenaRows, rowsOf, totalsOf } from "../../src/plan/report.js";
import { blocked } from "../support/layouts.js";
import { networkOf } from "../support/network.js";
import { traits } from "../support/passes.js";

const example = (name: string, aux = false): Graph =>
  buildGraph(networkOf(readSource(`examples/${name}/${name}.incept`)), { aux });

/** Linear layers stay where they are. */
const asWritten = without(
  inference,
  algebra.map(({ name }) => name),
);

/** Golden parameter counts: torchvision's, timm's, and the paper's network. */
test.each([
  ["googlenet", false, 6_998_552],
  ["googlenet", true, 13_378_280],
  ["inception-v3", false, 23_834_568],
  ["inception-v3", true, 27_161_264],
  ["inception-resnet-v2", false, 55_843_464],
  ["simple-inception", false, 3_899_626],
] as const)(
  "%s (aux %s) has %i parameters, as written and after the passes",
  (name, aux, total) => {
    const written = example(name, aux);
    const fused = runPasses(written, traits, asWritten).graph;
    const composed = runPasses(written, traits).graph;
    for (const graph of [written, fused, composed]) {
      expect(totalsOf(graph).parameters).toBe(total);
    }
    expect(totalsOf(fused).macs).toBe(totalsOf(written).macs);
  },
);

test.each([
  ["simple-inception", 305_266_688, 2_455_552],
  ["densenet-121", 2_834_161_664, 2_602_950_656],
] as const)("%s takes %i multiply-adds as written, and %i with algebra", (name, before, after) => {
  const written = example(name);
  expect(totalsOf(written).macs).toBe(before);
  expect(totalsOf(runPasses(written, traits).graph).macs).toBe(after);
});

test("GoogLeNet: 57 convolutions and 1.58 GMAC, in 48 launches of which 39 convolve", () => {
  const { macs, convolutions } = totalsOf(example("googlenet"));
  expect(convolutions).toBe(57);
  expect((macs / 1e9).toFixed(2)).toBe("1.58");
  const { graph, placement } = planMemory(
    runPasses(example("googlenet"), traits).graph,
    blocked(16),
  );
  const after = totalsOf(graph, placement);
  expect(after).toMatchObject({ convolutions: 39, launches: 48 });
});

test("SimpleInception's linear holds 3,604,490 of its parameters", () => {
  const rows = rowsOf(example("simple-inception"));
  const fc = rows.find(({ operator }) => operator.startsWith("linear"))!;
  expect(fc).toMatchObject({ stage: "logits", parameters: 3_604_490, macs: 3_604_480 });
});

describe("changing one channel count changes exactly the rows that it should", () => {
  const spec = (n: number): string => `
    model M {
      input image: f32[3, 8, 8]
      stem: conv(3x3, 8)
      mixed: concat { a: conv(1x1, 8)  b: conv(1x1, ${n}) -> conv(3x3, 8)  c: relu }
      other: conv(1x1, 4)
      output o: globalavgpool -> linear(2)
    }`;
  const changed = (before: Graph, after: Graph): readonly string[] => {
    const rows = rowsOf(after);
    return rowsOf(before)
      .filter((row, i) => JSON.stringify(row) !== JSON.stringify(rows[i]))
      .map(({ paths }) => paths.join(" "));
  };
  const graph = (n: number): Graph => buildGraph(networkOf(spec(n)));

  test("its own and its reader's, as written", () => {
    expect(changed(graph(4), graph(6))).toEqual(["mixed.b.0", "mixed.b.1"]);
  });

  test("the launch that it is part of, and its reader's, after the passes", () => {
    const after = (n: number): Graph => runPasses(graph(n), traits, asWritten).graph;
    expect(changed(after(4), after(6))).toEqual(["mixed.a mixed.b.0", "mixed.b.1"]);
  });

  test("and no total but by those rows", () => {
    const difference = totalsOf(graph(6)).parameters - totalsOf(graph(4)).parameters;
    expect(difference).toBe(2 * (8 + 1) + 2 * 9 * 8);
  });
});

test("the arena's rows hold every buffer inside the arena, slices in their concat's", () => {
  const { graph } = runPasses(example("googlenet"), traits);
  const plan = planMemory(graph, blocked(16));
  const rows = arenaRows(plan);
  expect(Math.max(...rows.map(({ offset, bytes }) => offset + bytes))).toBeLessThanOrEqual(
    plan.arenaBytes,
  );
  const mixed = rows.find(({ name }) => name === "inception_3a")!;
  expect(mixed.slices).toEqual(
    expect.arrayContaining(["b1", "b3.1", "b5.1", "pool.1"].map((b) => `inception_3a.${b}`)),
  );
  expect(mixed.bytes).toBe(4 * 256 * 28 * 28);
  expect(mixed.from).toBeLessThan(mixed.to);
});
