/**
 * What the values of an output mean as classes, found by following ranges through the graph: the
 * last step's name says little where an average, a scale or a fusion stands behind a softmax.
 */
import type { Graph } from "../graph/graph.js";
import type { Value } from "../graph/value.js";
import { anything, type Range } from "../ops/range.js";

/**
 * - `distribution`: probabilities that sum to 1, as of a softmax
 * - `independent`: each a probability of its own, as of sigmoids
 * - `logits`: any numbers; a softmax makes a distribution of them
 */
export type Classes = "distribution" | "independent" | "logits";

/** Meant for outputs of 1x1 pixels: there, channels are all the elements. */
export function classesOf(graph: Graph): ReadonlyMap<Value, Classes> {
  const ranges = new Map<Value, Range>();
  for (const node of graph.nodes) {
    const { primitive, attrs, inputs } = node;
    const known = inputs.map((input) => ranges.get(input) ?? anything);
    const range = primitive.range(
      known,
      attrs,
      inputs.map(({ shape }) => shape),
    );
    for (const value of node.outputs) ranges.set(value, range);
  }
  return new Map(
    graph.outputs.map(({ value }) => [value, meaning(ranges.get(value) ?? anything)] as const),
  );
}

/** What rounding may make of 1: `scale(0.333)` three times is not meant. */
const slack = 1e-6;

function meaning({ low, high, sum }: Range): Classes {
  if (low < 0 || high > 1 + slack) return "logits";
  return sum !== undefined && Math.abs(sum - 1) <= slack ? "distribution" : "independent";
}
