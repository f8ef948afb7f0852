/** What rules share that look at `scale`, whose numbers are one for all channels or one for each. */
import type { Node } from "../../graph/graph.js";
import type { Value } from "../../graph/value.js";
import { scale, type ScaleAttrs } from "../../ops/scale.js";
import { channels } from "../../ops/shape.js";
import { aloneOf } from "./alone.js";
import type { Site } from "./rule.js";

/** One number for each channel. */
export const eachOf = (numbers: readonly number[], count: number): readonly number[] =>
  numbers.length === count ? numbers : Array.from({ length: count }, () => numbers[0]!);

/** One number where all are the same. */
export const shortened = (numbers: readonly number[]): readonly number[] =>
  numbers.every((number) => number === numbers[0]) ? numbers.slice(0, 1) : numbers;

/** `f` of the numbers of both, channel by channel. */
export function together(
  a: readonly number[],
  b: readonly number[],
  f: (a: number, b: number) => number,
): readonly number[] {
  const count = Math.max(a.length, b.length);
  const [left, right] = [eachOf(a, count), eachOf(b, count)];
  return left.map((each, c) => f(each, right[c]!));
}

/** Whether it adds nothing, and multiplies all channels by one factor. */
export const isMultiple = ({ scale: factors, shift }: ScaleAttrs): boolean =>
  factors.length === 1 && shift.every((each) => each === 0);

/** Whether it has numbers for each channel; of one channel, a shift is one. */
export const isPerChannel = ({ attrs, outputs: [value] }: Node<ScaleAttrs>): boolean =>
  !isMultiple(attrs) &&
  [attrs.scale, attrs.shift].some(({ length }) => length === channels(value!.shape));

/** The value times a number, and nothing added. */
export interface Multiple {
  readonly factor: number;
  readonly of: Value;
}

/** What a value is a multiple of, by one factor, where the multiple is needed once. */
export function multipleOf(value: Value, site: Site): Multiple | undefined {
  const node = aloneOf(value, scale, site);
  if (node === undefined || !isMultiple(node.attrs)) return undefined;
  return { factor: node.attrs.scale[0]!, of: node.inputs[0]! };
}

/** What a value is scaled by these two numbers of, where it is needed once. */
export function scaledBy(
  value: Value | undefined,
  factor: number,
  shift: number,
  site: Site,
): Value | undefined {
  const node = aloneOf(value, scale, site);
  if (node === undefined) return undefined;
  const { attrs } = node;
  const isSo =
    attrs.scale.length === 1 &&
    attrs.shift.length === 1 &&
    isF32(attrs.scale[0]!, factor) &&
    isF32(attrs.shift[0]!, shift);
  return isSo ? node.inputs[0] : undefined;
}

/** Whether the number is written as another one in f32, as files hold them. */
export const isF32 = (number: number, wanted: number): boolean =>
  Math.fround(number) === Math.fround(wanted);
