/**
 * What the values of an output mean as classes, found by following ranges through the graph: the
 * last step's name says little where an average, a scale or a fusion stands behind a softmax.
 */
import { type Graph, isNode, type Node, type Value } from "../graph/graph.js";
import { activationOf, activations, type Activation } from "../ops/activations.js";
import { adaptiveAvgPool } from "../ops/adaptive-pool.js";
import { conv2d } from "../ops/conv2d.js";
import { dropout } from "../ops/dropout.js";
import { flatten } from "../ops/flatten.js";
import { identity } from "../ops/identity.js";
import { add, concat } from "../ops/join.js";
import { avgPool, maxPool } from "../ops/pool2d.js";
import type { PoolAttrs } from "../ops/pool-attrs.js";
import { scale } from "../ops/scale.js";
import { channels, elements, plane, type Shape } from "../ops/shape.js";
import { softmax } from "../ops/softmax.js";

/**
 * - `distribution`: probabilities that sum to 1, as of a softmax
 * - `independent`: each a probability of its own, as of sigmoids
 * - `logits`: any numbers; a softmax makes a distribution of them
 */
export type Classes = "distribution" | "independent" | "logits";

/** Bounds of every element of a value, and what its channels sum to at every pixel, if always that. */
interface Range {
  readonly low: number;
  readonly high: number;
  readonly sum?: number;
}

const anything: Range = { low: -Infinity, high: Infinity };

/** Meant for outputs of 1x1 pixels: there, channels are all the elements. */
export function classesOf(graph: Graph): ReadonlyMap<Value, Classes> {
  const ranges = new Map<Value, Range>();
  for (const node of graph.nodes) {
    const range = rangeOf(
      node,
      node.inputs.map((input) => ranges.get(input) ?? anything),
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

function rangeOf(node: Node, inputs: readonly Range[]): Range {
  const [x = anything] = inputs;
  const shape = node.inputs[0]?.shape ?? [];
  if (isNode(node, softmax)) return { low: 0, high: 1, sum: 1 };
  const activation = activationOf(node.primitive);
  if (activation !== undefined) return activated(x, activation);
  if (isNode(node, conv2d)) return activated(anything, node.attrs.activation);
  if (isNode(node, identity) || isNode(node, dropout)) return x;
  if (isNode(node, adaptiveAvgPool)) return x;
  if (isNode(node, flatten)) return times(x, elements(plane(shape)));
  if (isNode(node, avgPool)) return averaged(x, node.attrs);
  if (isNode(node, maxPool)) return largest(x, node.attrs, shape);
  if (isNode(node, scale)) return scaled(x, node.attrs.scale, node.attrs.shift, channels(shape));
  if (isNode(node, add)) {
    return total(inputs.map((range, i) => scaled(range, [node.attrs.scales[i] ?? 1], [0], 1)));
  }
  return isNode(node, concat) ? joined(inputs) : anything;
}

/** What an activation makes of a range; a rectifier passes on what is not negative, sums and all. */
function activated(x: Range, activation: Activation | "none"): Range {
  if (activation === "none" || (activation === "relu" && x.low >= 0)) return x;
  const { low, high } = activations[activation];
  return activation === "relu" ? { low, high: Math.max(low, x.high) } : { low, high };
}

const withSum = (low: number, high: number, sum: number | undefined): Range =>
  sum === undefined || !Number.isFinite(sum) ? { low, high } : { low, high, sum };

/** The pixels of a channel become channels: their sums add up. */
const times = ({ low, high, sum }: Range, pixels: number): Range =>
  withSum(low, high, sum === undefined ? undefined : sum * pixels);

/** Zeros around the image that count pull towards 0; otherwise an average keeps bounds and sums. */
function averaged(x: Range, { pads, countPad }: PoolAttrs): Range {
  const padded = countPad && Object.values(pads).some((pad) => pad > 0);
  return padded ? { low: Math.min(0, x.low), high: Math.max(0, x.high) } : x;
}

/** A window over one pixel alone takes it as it is; of several, channels may take different ones. */
function largest(x: Range, { kernel }: PoolAttrs, shape: Shape): Range {
  const alone = elements(kernel) === 1 || elements(plane(shape)) === 1;
  return alone ? x : { low: x.low, high: x.high };
}

/** x * scale + shift, each one number or one a channel. */
function scaled(
  x: Range,
  factors: readonly number[],
  shifts: readonly number[],
  count: number,
): Range {
  const each = Array.from({ length: Math.max(factors.length, shifts.length) }, (_, c) => {
    const [factor, shift] = [at(factors, c), at(shifts, c)];
    const ends = [product(factor, x.low) + shift, product(factor, x.high) + shift];
    return { low: Math.min(...ends), high: Math.max(...ends) };
  });
  const [factor = 1] = factors;
  const even = factors.every((other) => other === factor);
  const shift = shifts.length === 1 ? at(shifts, 0) * count : shifts.reduce((a, b) => a + b, 0);
  return withSum(
    Math.min(...each.map(({ low }) => low)),
    Math.max(...each.map(({ high }) => high)),
    even && x.sum !== undefined ? factor * x.sum + shift : undefined,
  );
}

const at = (values: readonly number[], c: number): number =>
  values[values.length === 1 ? 0 : c] ?? 0;

/** 0 times an unknown number is 0. */
const product = (factor: number, bound: number): number => (factor === 0 ? 0 : factor * bound);

const total = (terms: readonly Range[]): Range =>
  withSum(
    terms.reduce((sum, { low }) => sum + low, 0),
    terms.reduce((sum, { high }) => sum + high, 0),
    sumOf(terms),
  );

const joined = (branches: readonly Range[]): Range =>
  withSum(
    Math.min(...branches.map(({ low }) => low)),
    Math.max(...branches.map(({ high }) => high)),
    sumOf(branches),
  );

const sumOf = (ranges: readonly Range[]): number | undefined =>
  ranges.reduce<number | undefined>(
    (all, { sum }) => (all === undefined || sum === undefined ? undefined : all + sum),
    0,
  );
