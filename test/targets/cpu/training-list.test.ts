/** Every primitive that a training graph can hold has a plain kernel on the CPU. */
import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { trainingGraph } from "../../../src/autodiff/training-graph.js";
import { select } from "../../../src/kernels/select.js";
import type { LossKind } from "../../../src/autodiff/loss.js";
import type { Graph } from "../../../src/graph/graph.js";
import type { KernelList } from "../../../src/kernels/list.js";
import { planar } from "../../../src/kernels/layout.js";
import { activationGradient } from "../../../src/ops/activations.js";
import type { Primitive } from "../../../src/ops/primitive.js";
import { primitives } from "../../../src/ops/registry.js";
import type { CpuLowering } from "../../../src/targets/cpu/kernel.js";
import { cpuKernels } from "../../../src/targets/cpu/list.js";
import { trainingKernels } from "../../../src/targets/cpu/training-list.js";
import { drawCases, families, specOf } from "../../judges/operators/cases.js";
import { graphOf } from "../../support/network.js";
import { Random } from "../../support/random.js";

const list: KernelList<CpuLowering> = {
  machine: { level: "baseline" },
  kernels: cpuKernels,
  conversions: [],
  input: () => planar,
  preparations: new Map(),
  references: true,
};

/** Fails where a node of the training graph has no reference. */
function expectReferences(graph: Graph, kind: LossKind, frozen = false): void {
  const losses = graph.outputs.map(({ name }) => ({ output: name, targets: name, kind }));
  const training = trainingGraph(graph, {
    losses,
    // What comes before the layers in question learns, so that derivatives go through them.
    frozen: ({ name }) => frozen && !name.startsWith("select_"),
  }).graph;
  const { choices } = select(training, list);
  const others = training.nodes
    .map(({ outputs }) => choices.get(outputs[0]!)!)
    .filter(({ reference }) => !reference);
  expect(others.map(({ kernel }) => kernel)).toEqual([]);
}

describe("plain kernels train", () => {
  test.each(Object.keys(families))("%s", (name) => {
    const graph = graphOf(specOf(drawCases(new Random(5), name, 6)));
    expectReferences(graph, "mean_squared_error");
    expectReferences(graph, "mean_squared_error", true);
  });

  test.each(["cross_entropy", "mean_squared_error", "sigmoid_cross_entropy"] as const)(
    "by %s",
    (kind) => {
      const graph = graphOf("model N { input x: f32[3, 4, 4]  output y: conv(3x3, 4) }");
      expectReferences(graph, kind);
    },
  );
});

describe("there is a plain kernel of", () => {
  const known = new Set(
    cpuKernels.filter(({ reference }) => reference).map(({ primitive }) => primitive),
  );

  test.each([...primitives.keys()])("%s", (name) => {
    expect(known).toContain(name);
  });

  /** These are no part of a batch's graph: parameters are filled once, and updated by the engine. */
  const apart = ["initialise.ts", "optimizers.ts"];
  const folder = new URL("../../../src/ops/training/", import.meta.url);
  const files = readdirSync(folder).filter((file) => !apart.includes(file));

  test("each primitive that only training has", async () => {
    const rooms = await Promise.all(
      files.map(async (file) => (await import(new URL(file, folder).href)) as object),
    );
    const own = rooms.flatMap((exported) => Object.values(exported).filter(isPrimitive));
    const names = [activationGradient, ...own].map(({ name }) => name);
    expect(names.filter((name) => !known.has(name))).toEqual([]);
    // So that none is overlooked.
    const computed = trainingKernels.filter(({ reference }) => reference);
    expect(computed.filter(({ primitive }) => !names.includes(primitive))).toEqual([]);
  });
});

const isPrimitive = (value: unknown): value is Primitive =>
  typeof value === "object" && value !== null && "evaluate" in value && "infer" in value;
