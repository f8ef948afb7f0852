/**
 * The other way round than building: the words that an operator says of a node. Values are those
 * that the arguments' kinds read; what a default gives may be said, and is left out by who writes.
 */
import type { Primitive } from "./primitive.js";
import type { PixelPad } from "./kinds.js";
import type { Shape } from "./shape.js";
import type { ArgValue } from "./value.js";
import type { Pair } from "./window.js";

/** By argument; absent ones need no word. */
export type Words = Readonly<Record<string, ArgValue | undefined>>;

export interface Spelling {
  /** The name of the primitive that the operator builds. */
  readonly primitive: string;
  /** The arguments of the call that builds a node of it; undefined where no call does. */
  words(attrs: unknown, input: Shape): Words | undefined;
  /** The stride of a window that says none, where the operator takes one. */
  readonly usualStride?: (kernel: Pair) => Pair;
}

/** What `build` makes is a node of `primitive`; `words` gives the arguments back. */
export const spelling = <A>(
  primitive: Primitive<A>,
  words: (attrs: A, input: Shape) => Words | undefined = () => ({}),
  usualStride?: (kernel: Pair) => Pair,
): Spelling => ({
  primitive: primitive.name,
  words: (attrs, input) => words(attrs as A, input),
  ...(usualStride && { usualStride }),
});

export const unitStride = (): Pair => [1, 1];

export const saying = {
  number: (value: number): ArgValue => ({ kind: "number", value }),
  bool: (value: boolean): ArgValue => ({ kind: "bool", value }),
  word: (word: string): ArgValue => ({ kind: "word", word }),
  size: (size: Pair): ArgValue => ({ kind: "size", size }),
  /** `2` where both are alike, else `1x2`. */
  sides: ([height, width]: Pair): ArgValue =>
    height === width ? saying.number(height) : saying.size([height, width]),
  window: (kernel: Pair, stride: Pair): ArgValue => ({ kind: "window", kernel, stride }),
  /** One number, or one a channel. */
  numbers: (values: readonly number[]): ArgValue =>
    values.length === 1
      ? saying.number(values[0]!)
      : { kind: "list", items: values.map(saying.number) },
  pixels: (pad: PixelPad): ArgValue => {
    if (!("top" in pad)) return saying.sides(pad);
    const { top, bottom, left, right } = pad;
    if (top === bottom && left === right) return saying.sides([top, left]);
    return { kind: "list", items: [top, bottom, left, right].map(saying.number) };
  },
};
