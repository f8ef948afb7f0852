/** What nodes read and make. */
import type { ParameterSpec } from "../ops/operator.js";
import type { DType, Extent, ResultType } from "../ops/primitive.js";
import type { Shape } from "../ops/shape.js";

/** A tensor; what holds one an image says its shape without the batch. */
export interface Value {
  /** Unique and readable: a step's path where there is one. Constants share theirs. */
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: DType;
  readonly extent: Extent;
  /** A `state` is written by training though nothing derives it: running statistics. */
  readonly kind: "input" | "result" | "parameter" | "state" | "constant";
}

/** What a checkpoint holds. */
export interface Parameter extends Value, ParameterSpec {
  readonly kind: "parameter" | "state";
}

/** Numbers of the spec: one for all elements, or each. */
export interface Constant extends Value {
  readonly kind: "constant";
  readonly numbers: number | readonly number[];
}

export const isParameter = (value: Value): value is Parameter =>
  value.kind === "parameter" || value.kind === "state";

export const isConstant = (value: Value): value is Constant => value.kind === "constant";

export const inputValue = (name: string, shape: Shape): Value => ({
  name,
  shape,
  dtype: "f32",
  extent: "image",
  kind: "input",
});

/** A parameter, or a state where its role says that no gradient reaches it. */
export const parameterValue = (spec: ParameterSpec & { readonly name: string }): Parameter => ({
  ...spec,
  dtype: "f32",
  extent: "model",
  kind: spec.role === "running_mean" || spec.role === "running_var" ? "state" : "parameter",
});

export const constant = (name: string, shape: Shape, numbers: Constant["numbers"]): Constant => ({
  name,
  shape,
  dtype: "f32",
  extent: "model",
  kind: "constant",
  numbers,
});

export const zeros = (shape: Shape): Constant => constant("zeros", shape, 0);

export const resultValue = (name: string, { shape, dtype, extent }: ResultType): Value => ({
  name,
  shape,
  dtype,
  extent,
  kind: "result",
});
