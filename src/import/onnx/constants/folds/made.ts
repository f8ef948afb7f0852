/** Constants made of a shape or of bounds, and sums and products of others. */
import { refuse } from "../../../../ops/onnx-reading/reader.js";
import { elements } from "../../../../ops/shape.js";
import { type Element, isNumber, plus, times } from "../element.js";
import { axisOf, type Fold, listOf } from "../folding.js";
import { dense, walked } from "../strided.js";
import { mostKnown, Tensor } from "../tensor.js";
import { sized } from "./moves.js";

/** @param value what each element is: an attribute, 0 where nothing is said */
export const constantOfShape =
  (value: Tensor = Tensor.of("", [1], "float", [0])): Fold =>
  (_, operands) => {
    const shape = sized(operands.known(0));
    const number = value.numbers?.[0];
    if (value.size !== 1 || number === undefined || !isNumber(number))
      refuse("has no number to fill with");
    return { shape, kind: value.kind, of: () => filled(elements(shape), number) };
  };

const filled = (count: number, value: number): ArrayLike<Element> =>
  count > mostKnown
    ? new Float32Array(count).fill(value)
    : Array.from({ length: count }, () => value);

export const range: Fold = (node, operands) => {
  node.integer("stash_type", 1);
  const [start = 0, limit = 0, step = 1] = [0, 1, 2].map((i) => operands.integers(i)[0] ?? 0);
  const count = Math.max(0, Math.ceil((limit - start) / step));
  if (!(count <= mostKnown)) refuse(`counts from ${start} to ${limit} by ${step}`);
  return {
    shape: [count],
    kind: operands.at(0).kind,
    of: () => Array.from({ length: count }, (_, i) => start + i * step),
  };
};

const reduced =
  (
    start: Element,
    of: (so: Element, element: Element) => Element | undefined,
    finish = (so: Element, _: number) => so,
  ): Fold =>
  (node, operands) => {
    const { shape, kind } = operands.at(0);
    const axes = reducedAxes(
      listOf(node, operands, 1, "axes"),
      node.flag("noop_with_empty_axes"),
      shape.length,
    );
    const kept = shape.map((_, d) => d).filter((d) => !axes.includes(d));
    const keeps = node.flag("keepdims", 1);
    const { strides } = dense(shape);
    const order = [...kept, ...axes];
    const walk = {
      shape: order.map((d) => shape[d]!),
      start: 0,
      strides: order.map((d) => strides[d]!),
    };
    const each = elements(axes.map((d) => shape[d]!));
    if (each === 0) refuse("reduces no numbers");
    return {
      shape: keeps
        ? shape.map((side, d) => (axes.includes(d) ? 1 : side))
        : kept.map((d) => shape[d]!),
      kind,
      of: ([values]) => {
        const row = Array.from(walked(values!, walk));
        return Array.from({ length: row.length / each }, (_, i) => {
          const own = row.slice(i * each, (i + 1) * each);
          const so = own.reduce<Element | undefined>(
            (sum, element) => (sum === undefined ? sum : of(sum, element)),
            start,
          );
          return so === undefined
            ? refuse("computes with the batch in a way that is not read")
            : finish(so, each);
        });
      },
    };
  };

/** All of them where nothing is said, unless that is said to mean none. */
export function reducedAxes(
  axes: readonly number[] | undefined,
  emptyIsNone: boolean,
  rank: number,
): readonly number[] {
  if (axes === undefined || axes.length === 0) {
    return emptyIsNone ? [] : Array.from({ length: rank }, (_, d) => d);
  }
  return [...new Set(axes.map((axis) => axisOf(axis, rank)))].sort((a, b) => a - b);
}

const both =
  (of: (a: number, b: number) => number) =>
  (a: Element, b: Element): Element | undefined =>
    isNumber(a) && isNumber(b) ? of(a, b) : undefined;

export const reductions: Readonly<Record<string, Fold>> = {
  ReduceProd: reduced(1, times),
  ReduceSum: reduced(0, plus),
  ReduceMean: reduced(0, plus, (so, count) => times(so, 1 / count) ?? so),
  ReduceMax: reduced(-Infinity, both(Math.max)),
  ReduceMin: reduced(Infinity, both(Math.min)),
};
