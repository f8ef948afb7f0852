/** Numbers to try formulas with, and what formulas are made of. */
import { elements, type Shape } from "../../../ops/shape.js";
import type { Element } from "../constants/element.js";
import { dense, denseStrides, spread, together, walked } from "../constants/strided.js";

/** In C order. */
export interface Sample {
  readonly shape: Shape;
  readonly data: Float64Array;
}

/** What a node makes of its operands; undefined where they do not fit. */
export type Compute = (operands: readonly Sample[]) => Sample | undefined;

/** What a node of a formula is. */
export interface Step {
  readonly compute: Compute;
  /** Of what it gives, in the file. */
  readonly dims: readonly Element[];
  /** The sides of the window that it moves over its operand, but for those of 1. */
  readonly windows: readonly number[];
}

/** Of the elements at each place, spread over one another as ONNX has it. */
export const eachOf =
  (of: (...values: readonly number[]) => number): Compute =>
  (operands) => {
    const shape = operands.reduce<Shape | undefined>(
      (so, { shape }) => so && together(so, shape),
      [],
    );
    if (shape === undefined) return undefined;
    const lists = operands.map((operand) => spreadOver(operand, shape));
    const data = Float64Array.from({ length: elements(shape) }, (_, i) =>
      of(...lists.map((list) => list[i]!)),
    );
    return { shape, data };
  };

const spreadOver = ({ shape, data }: Sample, over: Shape): ArrayLike<number> =>
  walked(data, spread(dense(shape), over)!) as ArrayLike<number>;

/** Over some dimensions, which stay as 1 or are gone. */
export const reducing =
  (axes: readonly number[], keeps: boolean, of: (values: readonly number[]) => number): Compute =>
  ([operand]) => {
    const { shape, data } = operand!;
    const kept = shape.map((_, d) => d).filter((d) => !axes.includes(d));
    const strides = denseStrides(shape);
    const order = [...kept, ...axes];
    const walk = {
      shape: order.map((d) => shape[d]!),
      start: 0,
      strides: order.map((d) => strides[d]!),
    };
    const rows = walked(data, walk) as ArrayLike<number>;
    const each = elements(axes.map((d) => shape[d]!));
    const result = Float64Array.from({ length: data.length / each }, (_, row) =>
      of(Array.from({ length: each }, (__, i) => rows[row * each + i]!)),
    );
    const left = keeps
      ? shape.map((side, d) => (axes.includes(d) ? 1 : side))
      : kept.map((d) => shape[d]!);
    return { shape: left, data: result };
  };
