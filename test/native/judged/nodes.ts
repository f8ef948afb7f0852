/** Single nodes of training graphs on random odd shapes, with numbers for their operands. */
import type { Node } from "../../../src/graph/graph.js";
import { resultValue, type Value } from "../../../src/graph/value.js";
import type { Extent, Primitive, ResultType } from "../../../src/ops/primitive.js";
import { elements, type Shape } from "../../../src/ops/shape.js";
import { origin } from "../../support/graphs.js";
import type { Random } from "../../support/random.js";

export type Numbers = Float32Array | Int32Array | Uint8Array;

/** Images of a batch, a node, and all its operands for them. */
export interface Drawn {
  readonly n: number;
  readonly node: Node;
  readonly numbers: ReadonlyMap<Value, Numbers>;
}

export type Fill = (random: Random, count: number) => Numbers;

export const signed: Fill = (random, count) => random.floats(count);
export const positive: Fill = (random, count) => random.floats(count, 0.1, 2);
/** Of so few values that many are equal. */
export const coarse: Fill = (random, count) =>
  Float32Array.from({ length: count }, () => random.integer(-3, 3) / 4);
export const counters: Fill = (random, count) =>
  Int32Array.from({ length: count }, () => random.integer(0, 2 ** 31 - 1));
/** With a NaN and infinities of both signs. */
export const poisoned =
  (fill: Fill): Fill =>
  (random, count) => {
    const numbers = fill(random, count);
    [NaN, Infinity, -Infinity].forEach((value) => (numbers[random.integer(0, count - 1)] = value));
    return numbers;
  };

export interface Facts<A> {
  readonly attrs: A;
  readonly shapes: readonly Shape[];
  /** One an operand by position; `signed` where it is left out. */
  readonly fills?: readonly (Fill | Numbers)[];
  readonly roles?: Readonly<Record<string, Fill>>;
}

/** The node of a primitive; roles are of the batch, whoever makes them. */
export function draw<A>(
  random: Random,
  primitive: Primitive<A>,
  { attrs, shapes, fills = [], roles: fillOf = {} }: Facts<A>,
  n = random.integer(1, 5),
): Drawn {
  const numbers = new Map<Value, Numbers>();
  const operand = (name: string, shape: Shape, extent: Extent, fill: Fill | Numbers): Value => {
    const count = elements(shape) * (extent === "image" ? n : 1);
    const own = typeof fill === "function" ? fill(random, count) : fill;
    const dtype = own instanceof Float32Array ? "f32" : own instanceof Int32Array ? "i32" : "u8";
    const value = resultValue(name, { shape, dtype, extent });
    numbers.set(value, own);
    return value;
  };
  const inputs = shapes.map((shape, i) => operand(`x${i}`, shape, "image", fills[i] ?? signed));
  const weights = Object.entries(primitive.weights(shapes, attrs)).map(([role, shape]) => [
    role,
    operand(role, shape, "batch", fillOf[role] ?? signed),
  ]);
  const special = primitive.results?.(attrs) ?? [];
  const outputs = primitive.infer(shapes, attrs).map((shape, i) => {
    const type: ResultType = { shape, dtype: "f32", extent: "image", ...special[i] };
    return resultValue(`y${i}`, type);
  });
  const roles = Object.fromEntries(weights) as Record<string, Value>;
  const from = origin(primitive.name);
  return { n, node: { primitive, attrs, inputs, weights: roles, outputs, origin: from }, numbers };
}
