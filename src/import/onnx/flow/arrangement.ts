/**
 * How a tensor of a file lies over a value of the graph. Between two layers a file may turn and part
 * dimensions as it likes (channels last, groups of channels, a row an image); what counts is whether
 * what comes out in the end is something that has a word.
 *
 * Axis 0 of a value is the batch, and the axes after it are those of its shape. Each dimension of the
 * tensor is a list of stretches of axes, the slowest first; none of them is a dimension of 1.
 */
import { elements, type Shape } from "../../../ops/shape.js";
import { type Element, Images, isNumber } from "../constants/element.js";

/** Some of an axis: `size` places, each `stride` along the axis from the one before. */
export interface Stretch {
  readonly axis: number;
  /** Of the batch what the file says of it: undefined where it is free. */
  readonly size: number | undefined;
  readonly stride: number;
}

export type Dim = readonly Stretch[];
export type Arrangement = readonly Dim[];

/** As the value lies by itself. */
export const natural = (shape: Shape, batch: number | undefined): Arrangement => [
  [{ axis: 0, size: batch, stride: 1 }],
  ...shape.map((size, i) => wholeAxis(i + 1, size)),
];

export const wholeAxis = (axis: number, size: number): Dim =>
  size === 1 ? [] : [{ axis, size, stride: 1 }];

export const isBatch = ({ axis }: Stretch): boolean => axis === 0;

/** How many elements a dimension has: a multiple of the batch where that is in it. */
export function sizeOf(dim: Dim): Element {
  const known = elements(dim.map(({ size }) => size ?? 1));
  return dim.some(({ size }) => size === undefined) ? new Images(known) : known;
}

export const dimsOf = (arrangement: Arrangement): readonly Element[] => arrangement.map(sizeOf);

export const sameDim = (a: Dim, b: Dim): boolean =>
  a.length === b.length &&
  a.every(({ axis, size, stride }, i) => {
    const other = b[i]!;
    return axis === other.axis && size === other.size && stride === other.stride;
  });

export const sameArrangement = (a: Arrangement, b: Arrangement): boolean =>
  a.length === b.length && a.every((dim, i) => sameDim(dim, b[i]!));

export const isNatural = (arrangement: Arrangement, shape: Shape): boolean =>
  sameArrangement(arrangement, natural(shape, batchOf(arrangement)));

const batchOf = (arrangement: Arrangement): number | undefined =>
  arrangement.flat().find(isBatch)?.size;

/**
 * The same elements in another shape; undefined where a dimension would take parts of two stretches
 * that do not lie side by side, or part the batch.
 */
export function reshaped(
  arrangement: Arrangement,
  shape: readonly Element[],
): Arrangement | undefined {
  const rest = arrangement.flat();
  const result: Dim[] = [];
  for (const side of shape) {
    const dim = taken(rest, side);
    if (dim === undefined) return undefined;
    result.push(merged(dim));
  }
  return rest.length === 0 ? result : undefined;
}

/** Takes from the front of `rest` what makes a dimension of this size. */
function taken(rest: Stretch[], side: Element): Stretch[] | undefined {
  const dim: Stretch[] = [];
  let [left, images] = isNumber(side) ? [side, false] : [side.times, true];
  for (;;) {
    const [next] = rest;
    if (next !== undefined && isBatch(next)) {
      const fits = next.size === undefined ? images : left % next.size === 0;
      const isDue = next.size === undefined ? images : left !== 1 || next.size === 1;
      if (!isDue) return left === 1 && !images ? dim : undefined;
      if (!fits) return undefined;
      left /= next.size ?? 1;
      images = false;
      dim.push(rest.shift()!);
    } else if (left === 1 && !images) {
      return dim;
    } else {
      if (next?.size === undefined) return undefined;
      if (left % next.size === 0) {
        left /= next.size;
        dim.push(rest.shift()!);
      } else if (next.size % left === 0) {
        const inner = next.size / left;
        dim.push({ ...next, size: left, stride: next.stride * inner });
        rest[0] = { ...next, size: inner };
        left = 1;
      } else {
        return undefined;
      }
    }
  }
}

/** Stretches of an axis that follow one another are one. */
export function merged(dim: Dim): Dim {
  const result: Stretch[] = [];
  for (const next of dim) {
    const last = result.at(-1);
    const follows =
      last?.axis === next.axis &&
      last.size !== undefined &&
      next.size !== undefined &&
      last.stride === next.stride * next.size;
    if (follows) result.splice(-1, 1, { ...next, size: last.size * next.size });
    else result.push(next);
  }
  return result;
}
