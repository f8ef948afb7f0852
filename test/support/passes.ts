import { expect } from "vitest";
import type { Graph } from "../../src/graph/graph.js";
import { printGraph } from "../../src/graph/print.js";
import { verifyGraph } from "../../src/graph/verify.js";
import type { Pass, PassResult, TargetTraits } from "../../src/passes/pass.js";
import { elements } from "../../src/ops/shape.js";
import { relativeL2 } from "./compare.js";
import { type Numbers } from "../../src/graph/evaluate.js";
import { interpret } from "./interpreter.js";
import { weightsFor } from "./weights.js";
import { Random } from "./random.js";

/** A target that applies every activation, and takes as long for one node as for any other. */
export const traits: TargetTraits = {
  name: "test",
  carries: () => true,
  mostSiblings: 4,
  estimate: () => 1,
};

/** Runs the pass and checks what every pass must keep: a sound graph with the same outputs. */
export function runPass(pass: Pass, graph: Graph, on: TargetTraits = traits): PassResult {
  const before = printGraph(graph);
  const result = pass.run(graph, on);
  expect(verifyGraph(result.graph)).toEqual([]);
  expect(printGraph(graph), "a pass leaves its input as it was").toBe(before);
  for (const [name, values] of expectSameNumbers(graph, result.graph)) {
    expect(
      values.some((value) => value !== 0),
      `${name} says something`,
    ).toBe(true);
  }
  return result;
}

/** Both graphs give the same outputs, to rounding, on a random image; those they give. */
export function expectSameNumbers(before: Graph, after: Graph, seed = 1): Map<string, Numbers> {
  const weights = weightsFor(before, seed);
  const image = new Random(seed).floats(elements(before.inputs[0]!.shape));
  const expected = interpret(before, image, weights);
  const actual = interpret(after, image, weights);
  expect([...actual.keys()]).toEqual([...expected.keys()]);
  for (const [name, values] of expected) {
    expect(relativeL2(actual.get(name)!, values), name).toBeLessThan(1e-12);
  }
  return expected;
}

/** The print's node rows, without the head and what prepares weights. */
export const nodeRows = (graph: Graph): readonly string[] =>
  printGraph(graph)
    .trimEnd()
    .split("\n")
    .slice(1)
    .filter((row) => !row.startsWith("prepare "));
