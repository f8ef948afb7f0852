/** Arithmetic of constants, element by element. */
import { refuse } from "../../../../ops/onnx-reading/reader.js";
import {
  compared,
  type Element,
  isNumber,
  minus,
  type OfTwo,
  over,
  plus,
  times,
} from "../element.js";
import type { Fold } from "../folding.js";
import type { Kind, Tensor } from "../tensor.js";
import { dense, spread, together, walked } from "../strided.js";

const hangs = (): never => refuse("computes with the batch in a way that is not read");

/**
 * Of several operands, spread over one another.
 *
 * @param kind of the result; where none is said the last operand's
 */
const elementwise =
  (
    of: (values: readonly Element[], whole: boolean) => Element | undefined,
    kind: Kind | ((all: readonly Tensor[]) => Kind) = lastKind,
  ): Fold =>
  (_, operands) => {
    const all = operands.all.map((_, i) => operands.at(i));
    const shape = all.reduce<readonly number[] | undefined>(
      (so, tensor) => so && together(so, tensor.shape),
      [],
    );
    if (shape === undefined) refuse("has constants of shapes that do not fit");
    const whole = all.every((tensor) => tensor.kind === "integer");
    return {
      shape,
      kind: typeof kind === "string" ? kind : kind(all),
      of: (given) => {
        const lists = given.map((values, i) =>
          walked(values, spread(dense(all[i]!.shape), shape)!),
        );
        return Array.from(
          lists[0] ?? [],
          (_, i) =>
            of(
              lists.map((list) => list[i]!),
              whole,
            ) ?? hangs(),
        );
      },
    };
  };

const lastKind = (all: readonly Tensor[]): Kind => all.at(-1)?.kind ?? "float";
const firstKind = (all: readonly Tensor[]): Kind => all[0]?.kind ?? "float";

const two = (of: OfTwo): Fold => elementwise(([a = 0, b = 0]) => of(a, b));

const numbers = (
  of: (...values: readonly number[]) => number,
  kind?: Parameters<typeof elementwise>[1],
): Fold => elementwise((values) => (values.every(isNumber) ? of(...values) : undefined), kind);

const decided = (is: (order: number) => boolean): Fold =>
  elementwise(([a = 0, b = 0]) => {
    const order = compared(a, b);
    return order === undefined ? undefined : Number(is(order));
  }, "integer");

const floored: OfTwo = (a, b) =>
  isNumber(a) && isNumber(b) ? a - b * Math.floor(a / b) : undefined;

/** Halves go to the even neighbour. */
const rounded = (x: number): number => {
  const near = Math.round(x);
  return Math.abs(x % 1) === 0.5 && near % 2 !== 0 ? near - 1 : near;
};

/** A multiple of the batch stays what it is where it is a whole one. */
const whole = (of: (x: number) => number): Fold =>
  elementwise(([x = 0]) => {
    if (isNumber(x)) return of(x);
    return Number.isInteger(x.times) ? x : undefined;
  });

export const arithmetic: Readonly<Record<string, Fold>> = {
  Add: two(plus),
  Sub: two(minus),
  Mul: two(times),
  Div: elementwise(([a = 0, b = 0], integers) => over(integers)(a, b)),
  Mod: (node, operands) =>
    node.flag("fmod")
      ? numbers((a = 0, b = 0) => a % b)(node, operands)
      : two(floored)(node, operands),
  Neg: elementwise(([x = 0]) => times(x, -1)),
  Floor: whole(Math.floor),
  Ceil: whole(Math.ceil),
  Round: whole(rounded),
  Abs: numbers((x = 0) => Math.abs(x)),
  Sqrt: numbers((x = 0) => Math.sqrt(x)),
  Exp: numbers((x = 0) => Math.exp(x)),
  Log: numbers((x = 0) => Math.log(x)),
  Reciprocal: numbers((x = 0) => 1 / x),
  Pow: numbers((x = 0, y = 0) => x ** y, firstKind),
  Min: numbers((...values) => Math.min(...values)),
  Max: numbers((...values) => Math.max(...values)),
  Sum: elementwise((values) =>
    values.reduce<Element | undefined>((a, b) => (a === undefined ? a : plus(a, b)), 0),
  ),
  Equal: decided((order) => order === 0),
  Greater: decided((order) => order > 0),
  GreaterOrEqual: decided((order) => order >= 0),
  Less: decided((order) => order < 0),
  LessOrEqual: decided((order) => order <= 0),
  And: numbers((a = 0, b = 0) => Number(a !== 0 && b !== 0), "integer"),
  Or: numbers((a = 0, b = 0) => Number(a !== 0 || b !== 0), "integer"),
  Not: numbers((x = 0) => Number(x === 0), "integer"),
  Where: elementwise(([condition = 0, x = 0, y = 0]) => {
    if (!isNumber(condition)) return undefined;
    return condition !== 0 ? x : y;
  }),
};
