import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { isNode, parametersOf, prepares, runNodes, type Graph } from "../../src/graph/graph.js";
import { readSource } from "../../src/model/sources/files.js";
import { conv2d } from "../../src/ops/conv2d.js";
import { inference } from "../../src/passes/pipelines.js";
import { runPasses } from "../../src/passes/run.js";
import { placeViews } from "../../src/plan/place.js";
import type { CopiedOperand } from "../../src/plan/plan.js";
import { fastMemory } from "../../src/targets/cpu/layouts.js";
import { cpuTarget } from "../../src/targets/cpu/target.js";
import { GraphWriter } from "../support/graphs.js";
import { graphOf } from "../support/network.js";

const count = (graph: Graph, name: string): number =>
  runNodes(graph).filter((node) => node.primitive.name === name).length;

const copied = (graph: Graph): readonly CopiedOperand[] => placeViews(graph, fastMemory()).copies;

const { traits: cpuTraits } = cpuTarget({ level: "avx2", reference: false });

describe("GoogLeNet", () => {
  const written = graphOf(readSource("examples/googlenet/googlenet.incept"));
  const { graph, log } = runPasses(written, cpuTraits);

  test("its 57 convolutions run in 39 launches", () => {
    expect(count(written, "conv")).toBe(57);
    expect(count(graph, "conv") + count(graph, "pooledconv")).toBe(39);
  });

  test("every activation is fused, but the dropout nothing is left over", () => {
    expect(count(graph, "relu") + count(graph, "dropout")).toBe(0);
    const convs = graph.nodes.filter((node) => isNode(node, conv2d));
    expect(convs.every(({ attrs }) => attrs.activation === "relu")).toBe(true);
  });

  test("no concat is copied", () => {
    expect(count(graph, "concat")).toBe(9);
    expect(copied(graph)).toEqual([]);
  });

  test("the log says what fired where, and nothing was refused but pools", () => {
    expect(log.map(({ name }) => name)).toEqual(inference.map(({ name }) => name));
    expect(log.map(({ fired }) => fired.length)).toEqual([0, 1, 0, 0, 57, 0, 0, 0, 0, 9, 2]);
    expect(log.slice(0, -1).flatMap(({ refused }) => refused)).toEqual([]);
    // Of nine branches; and of what the pools between stages are read by.
    const whys = log.at(-1)!.refused.map(({ why }) => why);
    const why = (text: string): number => whys.filter((each) => each === text).length;
    expect(why("both together would take no less")).toBe(7);
    expect(whys).toHaveLength(7 + why("the pool's own value has other readers"));
    expect(log[9]!.fired[0]!.paths).toEqual([
      "inception_3a.b1",
      "inception_3a.b3.0",
      "inception_3a.b5.0",
    ]);
  });
});

test("a pass is called as its file is", () => {
  const names = inference.map(({ name }) => name);
  expect(names.filter((name) => !existsSync(`src/passes/${name}.ts`))).toEqual([]);
  expect(new Set(names).size).toBe(names.length);
});

test("a tap keeps what it shows, and only that", () => {
  const spec = readSource("examples/googlenet/googlenet.incept");
  const taps = ["inception_3a", "inception_4b.b3.0", "conv_2.2"];
  const { graph } = runPasses(graphOf(spec, taps), cpuTraits);
  expect(count(graph, "conv") + count(graph, "pooledconv")).toBe(39);
  expect(graph.outputs.map(({ name }) => name)).toEqual(["prob", ...taps]);
  expect(copied(graph)).toEqual([]);
});

test("Inception-v3 folds every batchnorm", () => {
  const spec = readSource("examples/inception-v3/inception-v3.incept");
  const { graph } = runPasses(graphOf(spec), cpuTraits);
  expect(count(graph, "batchnorm")).toBe(0);
  expect(count(graph, "relu")).toBe(0);
  expect(copied(graph)).toEqual([]);
});

test("a pass that breaks the graph is told by name", () => {
  const w = new GraphWriter([3, 4, 4]);
  const graph = w.output(w.conv("b", w.conv("a", w.input, 16), 16)).graph();
  const wrong = { ...graph, nodes: [...graph.nodes, ...graph.nodes] };
  expect(() => runPasses(wrong, cpuTraits)).toThrow(
    "bug: drop-unused left a broken graph:\na is made twice.\nb is made twice.",
  );
});

test("batchnorms in a row are folded one into the other, with as many steps as there are", () => {
  const w = new GraphWriter([3, 2, 2]);
  let x = w.conv("a", w.input, 4);
  for (let i = 0; i < 60; i++) x = w.batchNorm(`n${i}`, x);
  const { graph } = runPasses(w.output(x).graph(), cpuTraits);
  expect(runNodes(graph)).toHaveLength(1);
  // To follow each result of each step to its sources would take 2^60 visits.
  expect(parametersOf(graph)).toHaveLength(2 + 60 * 4);
  expect(graph.nodes.filter(prepares)).toHaveLength(60);
});
