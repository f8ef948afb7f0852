/** Weights to try graphs with. */
import { type Graph, parametersOf } from "../../src/graph/graph.js";
import type { Parameter } from "../../src/graph/value.js";
import { elements } from "../../src/ops/shape.js";
import { Random } from "./random.js";

/** By parameter name. */
export type Weights = ReadonlyMap<string, Float64Array>;

/** Values in a range that keeps activations near 1; running variances are positive. */
export function weightsFor(graph: Graph, seed: number): Weights {
  const random = new Random(seed);
  return new Map(parametersOf(graph).map((parameter) => [parameter.name, fill(parameter, random)]));
}

function fill({ role, shape, fanIn }: Parameter, random: Random): Float64Array {
  const positive = role === "running_var" || role === "gamma";
  const bound = role === "weight" ? Math.sqrt(3 / Math.max(fanIn, 1)) : 0.5;
  const [low, high] = positive ? [0.5, 1.5] : [-bound, bound];
  return Float64Array.from(random.floats(elements(shape), low, high));
}
