/**
 * What a dimension depends on: the generated types hold for every value of a model's parameters, so
 * they give a number only where none of them can change it.
 */
import type { Shape } from "./shape.js";
import type { Pair } from "./window.js";

/** Of a dimension, or of a number that may become one. Two that vary and share a trace are equal. */
export interface Trace {
  readonly varies: boolean;
  /** Of the stride of a window, where that was written apart: `k/2`. */
  readonly stride?: Trace;
}

/** One trace a dimension. */
export type Traces = readonly Trace[];

export interface Traced {
  readonly shape: Shape;
  readonly traces: Traces;
}

/** Of the arguments of a call; of one that is not written it is `fixed`. */
export interface Causes<A> {
  of(argument: keyof A & string): Trace;
}

export const fixed: Trace = { varies: false };

/** What other values of the parameters may make anything; equal to nothing else. */
export const varying = (): Trace => ({ varies: true });

/** Of what is computed from all of these. */
export const computedFrom = (...causes: Traces): Trace =>
  causes.some(({ varies }) => varies) ? varying() : fixed;

/**
 * Of dimensions that have to be equal, or the spec is in error: where one of them is fixed all are.
 *
 * @param first the one to be told from where all vary
 */
export const agreeing = (first: Trace, ...others: Traces): Trace =>
  [first, ...others].find(({ varies }) => !varies) ?? first;

/** What the size that a window leaves depends on besides its input. */
export interface WindowTraces {
  readonly stride: Trace;
  /** Of kernel, dilation, padding and rounding together. */
  readonly rest: Trace;
  /** Padding that follows the kernel, so that the result depends on input and stride alone. */
  readonly padsFollow: boolean;
}

/** Of the height and width that a window leaves of an image, `output`. */
export function slidTraces(
  input: Traced,
  output: Shape,
  stride: Pair,
  causes: WindowTraces,
): [height: Trace, width: Trace] {
  const side = (axis: 0 | 1): Trace => {
    const before = input.traces[axis + 1]!;
    if (causes.stride.varies || (causes.rest.varies && !causes.padsFollow)) return varying();
    // At stride 1 a window adds a number to every size: none where it adds none to this one.
    const keeps = stride[axis] === 1 && input.shape[axis + 1] === output[axis + 1];
    return keeps ? before : computedFrom(before);
  };
  return [side(0), side(1)];
}
