/** Values in another order, some of them left out or repeated. */
import { refuse } from "../../../../ops/onnx-reading/reader.js";
import { elements, type Shape } from "../../../../ops/shape.js";
import { type Element, isNumber } from "../element.js";
import { axisOf, type Fold, listOf, type Operands } from "../folding.js";
import { dense, spread, type Strided, together, walked } from "../strided.js";
import type { NodeReader } from "../../../../ops/onnx-reading/reader.js";

/** Of the first operand, as it is walked. */
const moved =
  (walk: (...given: Parameters<Fold>) => Strided): Fold =>
  (node, operands) => {
    const strided = walk(node, operands);
    return {
      shape: strided.shape,
      kind: operands.at(0).kind,
      of: ([values]) => walked(values!, strided),
    };
  };

export const transpose = moved((node, operands) => {
  const { shape, strides } = dense(operands.at(0).shape);
  const order = permutation(node, shape.length);
  return { shape: order.map((d) => shape[d]!), start: 0, strides: order.map((d) => strides[d]!) };
});

/** Where each dimension of the result comes from; all turned around where nothing is said. */
export function permutation(node: NodeReader, rank: number): readonly number[] {
  const order = node.integers("perm") ?? Array.from({ length: rank }, (_, i) => rank - 1 - i);
  const sorted = [...order].sort((a, b) => a - b);
  if (order.length !== rank || !sorted.every((d, i) => d === i)) {
    refuse(`turns ${rank} dimensions by ${order.join(", ")}`);
  }
  return order;
}

export const expand = moved((_, operands) => {
  const from = dense(operands.at(0).shape);
  const shape = together(from.shape, sized(operands.known(1)));
  const walk = shape && spread(from, shape);
  return walk ?? refuse("spreads a constant over a shape that does not fit it");
});

/** A shape that is known. */
export function sized(shape: readonly Element[]): Shape {
  const sides = shape.map((side) =>
    isNumber(side) ? side : refuse("has a constant for each image of the batch"),
  );
  const fits = sides.every((side) => Number.isSafeInteger(side) && side >= 0);
  if (!fits || !(elements(sides) <= mostElements)) refuse(`has a shape of ${sides.join(" x ")}`);
  return sides;
}

/** Of a tensor that is not in a file but said to have a shape. */
const mostElements = 1 << 26;

export const tile = moved((_, operands) => {
  const { shape, strides } = dense(operands.at(0).shape);
  const repeats = operands.integers(1);
  if (repeats.length !== shape.length || shape.some((side, i) => side !== 1 && repeats[i] !== 1)) {
    refuse("repeats a constant");
  }
  return {
    shape: sized(shape.map((side, i) => side * repeats[i]!)),
    start: 0,
    strides: strides.map((stride, i) => (repeats[i] === 1 ? stride : 0)),
  };
});

export const slice = moved((node, operands) => {
  const walk = dense(operands.at(0).shape);
  const [sides, strides] = [[...walk.shape], [...walk.strides]];
  let start = 0;
  for (const { axis, from, count, step } of cuts(node, operands, walk.shape)) {
    start += from * walk.strides[axis]!;
    sides[axis] = count;
    strides[axis] = walk.strides[axis]! * step;
  }
  return { shape: sides, start, strides };
});

export interface Cut {
  readonly axis: number;
  readonly from: number;
  readonly count: number;
  readonly step: number;
}

/** What a Slice takes along each axis that it names. */
export function cuts(
  node: NodeReader,
  operands: Operands,
  dims: readonly Element[],
): readonly Cut[] {
  const starts = listOf(node, operands, 1, "starts") ?? refuse("says no starts");
  const ends = listOf(node, operands, 2, "ends") ?? refuse("says no ends");
  const axes = listOf(node, operands, 3, "axes") ?? starts.map((_, i) => i);
  const steps = operands.has(4) ? operands.integers(4) : starts.map(() => 1);
  if ([ends, axes, steps].some((list) => list.length !== starts.length))
    refuse("has lists of several lengths");
  return starts.map((start, i) => {
    const axis = axisOf(axes[i]!, dims.length);
    return { axis, ...range(start, ends[i]!, steps[i]!, dims[axis]!) };
  });
}

/** Ends past the last are the last, and what is negative counts from there. */
function range(start: number, end: number, step: number, side: Element): Omit<Cut, "axis"> {
  if (!isNumber(side)) {
    if (start === 0 && step === 1 && end >= mostElements) return { from: 0, count: Infinity, step };
    return refuse("cuts the batch");
  }
  if (step === 0) refuse("takes steps of 0");
  const clamp = (at: number, low: number, high: number): number =>
    Math.min(Math.max(at < 0 ? at + side : at, low), high);
  const [least, most] = step > 0 ? [0, side] : [-1, side - 1];
  const [from, to] = [clamp(start, least, most), clamp(end, least, most)];
  return { from, count: Math.max(0, Math.ceil((to - from) / step)), step };
}

export const gather: Fold = (node, operands) => {
  const { shape, kind } = operands.at(0);
  const axis = axisOf(node.integer("axis", 0), shape.length);
  const [indices, chosen] = [operands.at(1), indicesOf(operands.integers(1), shape[axis]!)];
  const outer = elements(shape.slice(0, axis));
  const inner = elements(shape.slice(axis + 1));
  const result = sized([...shape.slice(0, axis), ...indices.shape, ...shape.slice(axis + 1)]);
  return {
    shape: result,
    kind,
    of: ([values]) => {
      const all: Element[] = [];
      for (let o = 0; o < outer; o++) {
        for (const index of chosen) {
          const from = (o * shape[axis]! + index) * inner;
          for (let i = 0; i < inner; i++) all.push(values![from + i]!);
        }
      }
      return all;
    },
  };
};

/** Counted from the front. */
export const indicesOf = (indices: readonly number[], side: number): readonly number[] =>
  indices.map((index) => axisOf(index, side));

export const concat: Fold = (node, operands) => {
  const all = operands.all.map((_, i) => operands.at(i));
  const first = all[0] ?? refuse("joins nothing");
  const axis = axisOf(node.integer("axis"), first.shape.length);
  const fits = all.every(
    ({ shape }) =>
      shape.length === first.shape.length &&
      shape.every((side, d) => d === axis || side === first.shape[d]),
  );
  if (!fits) refuse("joins constants that do not fit");
  const sides = all.map(({ shape }) => shape[axis]!);
  const shape = first.shape.map((side, d) =>
    d === axis ? sides.reduce((a, b) => a + b, 0) : side,
  );
  const outer = elements(shape.slice(0, axis));
  return {
    shape,
    kind: first.kind,
    of: (values) => {
      const count = elements(shape);
      const isFloat = values.every((each) => each instanceof Float32Array);
      const joined = isFloat ? new Float32Array(count) : new Array<Element>(count);
      let at = 0;
      for (let o = 0; o < outer; o++) {
        for (const [i, { size }] of all.entries()) {
          const end = ((o + 1) * size) / outer;
          for (let from = (o * size) / outer; from < end; from++) joined[at++] = values[i]![from]!;
        }
      }
      return joined;
    },
  };
};

export const split: Fold = (node, operands) => {
  const { shape, kind } = operands.at(0);
  const axis = axisOf(node.integer("axis", 0), shape.length);
  const walk = dense(shape);
  let start = 0;
  return parts(node, operands, shape[axis]!).map((count) => {
    const part = { ...walk, shape: shape.map((side, d) => (d === axis ? count : side)), start };
    start += count * walk.strides[axis]!;
    return { shape: part.shape, kind, of: ([values]) => walked(values!, part) };
  });
};

/** How many each result of a Split takes. */
export function parts(node: NodeReader, operands: Operands, side: number): readonly number[] {
  const said = listOf(node, operands, 1, "split");
  const count = node.integer("num_outputs", node.outputs);
  if (count < 1 || count > side) refuse(`parts ${side} into ${count}`);
  const each = Math.ceil(side / count);
  const sizes =
    said ??
    Array.from({ length: count }, (_, i) => (i < count - 1 ? each : side - each * (count - 1)));
  const total = sizes.reduce((a, b) => a + b, 0);
  if (total !== side || sizes.some((size) => size < 1) || sizes.length !== node.outputs) {
    refuse(`parts ${side} into ${sizes.join(", ")}`);
  }
  return sizes;
}
