/** Imported networks for tests, and what every rewrite of one has to keep. */
import { expect } from "vitest";
import type { Graph } from "../../../src/graph/graph.js";
import { parametersOf } from "../../../src/graph/graph.js";
import { printGraph } from "../../../src/graph/print.js";
import { verifyGraph } from "../../../src/graph/verify.js";
import type { Hint, Imported } from "../../../src/import/imported.js";
import { applied } from "../../../src/import/normal/normalise.js";
import type { Rule } from "../../../src/import/normal/rule.js";
import { rules } from "../../../src/import/normal/rules.js";
import { elements } from "../../../src/ops/shape.js";
import { relativeL2 } from "../../support/compare.js";
import { interpret } from "../../support/interpreter.js";
import { Random } from "../../support/random.js";
import { type Weights, weightsFor } from "../../support/weights.js";

/** The graph with random weights, each value called by what it is. */
export function importedOf(graph: Graph, seed = 1): Imported {
  const numbers = weightsFor(graph, seed);
  const weights = parametersOf(graph).map((parameter) => {
    const read = () => Promise.resolve(Float32Array.from(numbers.get(parameter.name)!));
    return [parameter, { name: parameter.name, read }] as const;
  });
  const names = graph.nodes.flatMap(({ outputs }) =>
    outputs.map((value) => [value, value.name.split(".")] as readonly [typeof value, Hint]),
  );
  return { graph, weights: new Map(weights), names: new Map(names) };
}

export async function numbersOf({ weights }: Imported): Promise<Weights> {
  const read = [...weights].map(
    async ([{ name }, stored]) => [name, Float64Array.from(await stored.read())] as const,
  );
  return new Map(await Promise.all(read));
}

/**
 * The network rewritten by the rules, all of them unless some are said; what it was stays, and it
 * computes the same.
 *
 * @param most the largest relative difference: of rounding folded weights to f32
 */
export async function held(
  graph: Graph,
  list: readonly Rule[] = rules,
  most = 1e-12,
): Promise<Imported> {
  const before = importedOf(graph);
  const [print, original] = [printGraph(graph), await numbersOf(before)];
  const after = applied(before, list);
  expect(printGraph(graph), "what was imported stays as it was").toBe(print);
  expect(verifyGraph(after.graph)).toEqual([]);
  const read = parametersOf(after.graph);
  expect(new Set(after.weights.keys()), "a weight for each parameter").toEqual(new Set(read));
  for (const seed of [1, 2]) {
    const image = new Random(seed).floats(elements(graph.inputs[0]!.shape), -2, 2);
    const expected = interpret(graph, image, original);
    const actual = interpret(after.graph, image, await numbersOf(after));
    expect([...actual.keys()]).toEqual([...expected.keys()]);
    for (const [name, values] of expected) {
      expect(relativeL2(actual.get(name)!, values), name).toBeLessThan(most);
    }
  }
  return after;
}

/** The rows of the network's print that its nodes are. */
export const rowsOf = ({ graph }: Imported): readonly string[] =>
  printGraph(graph).trimEnd().split("\n").slice(1);

/** Expects that the rules, or those said, leave the network as it is. */
export async function expectUntouched(graph: Graph, list: readonly Rule[] = rules): Promise<void> {
  const { graph: after } = await held(graph, list);
  expect(printGraph(after)).toBe(printGraph(graph));
}
