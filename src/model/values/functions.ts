/** Functions of numbers in expressions: how the counts of a network come out of a width multiplier. */
import { number } from "../../ops/kinds.js";
import { positional, signature, type Signature } from "../../ops/signature.js";

export interface NumberFunction {
  readonly signature: Signature<Readonly<Record<string, number>>>;
  /** @returns the number, or why there is none */
  readonly of: (...args: readonly number[]) => number | string;
  readonly doc: string;
}

const one = signature({ x: positional(number(), "A number.") });
const two = signature({
  a: positional(number(), "A number."),
  b: positional(number(), "Another."),
});
const multiple = signature({
  x: positional(number(), "A number."),
  by: positional(number(), "What the result is a multiple of."),
});

/**
 * The multiple of `by` that is nearest to x and no less than `by`, or the one above where that is less
 * than nine tenths of x: `_make_divisible` of MobileNet's authors, which torchvision has from them.
 */
function divisible(x: number, by: number): number | string {
  if (x <= 0) return `What is made divisible is above 0; this is ${x}.`;
  if (!Number.isInteger(by) || by < 1)
    return `Numbers are made divisible by whole ones, not by ${by}.`;
  const nearest = Math.max(by, Math.floor((x + by / 2) / by) * by);
  return nearest < 0.9 * x ? nearest + by : nearest;
}

export const functions: ReadonlyMap<string, NumberFunction> = new Map<string, NumberFunction>([
  ["floor", { signature: one, of: (x) => Math.floor(x), doc: "The whole number below." }],
  ["ceil", { signature: one, of: (x) => Math.ceil(x), doc: "The whole number above." }],
  [
    "round",
    {
      signature: one,
      of: (x) => Math.round(x),
      doc: "The nearest whole number, a half up.",
    },
  ],
  ["min", { signature: two, of: (a, b) => Math.min(a, b), doc: "The smaller." }],
  ["max", { signature: two, of: (a, b) => Math.max(a, b), doc: "The larger." }],
  [
    "divisible",
    {
      signature: multiple,
      of: (x, by) => divisible(x, by),
      doc: "The multiple of the second that is nearest to the first, never below nine tenths of it.",
    },
  ],
]);
