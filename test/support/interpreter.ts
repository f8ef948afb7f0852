import { evaluateGraph, type Numbers } from "../../src/graph/evaluate.js";
import type { Graph } from "../../src/graph/graph.js";
import type { Weights } from "./weights.js";

/**
 * The outputs of a graph by name, of one image, in f64 by the primitives' definitions.
 *
 * @param input of the graph's only input, or each in the order of its inputs
 * @param round as `evaluateGraph` takes it
 */
export function interpret(
  graph: Graph,
  input: ArrayLike<number> | readonly ArrayLike<number>[],
  weights: Weights,
  round: (x: number) => number = (x) => x,
): Map<string, Numbers> {
  const given = typeof input[0] === "number" ? [input as ArrayLike<number>] : input;
  const inputs = new Map(
    graph.inputs.map((value, i) => [
      value,
      Float64Array.from(given[i] as ArrayLike<number>, round),
    ]),
  );
  const numbersOf = evaluateGraph(graph, inputs, weights, 1, round);
  return new Map(graph.outputs.map(({ name, value }) => [name, numbersOf(value)]));
}
