/** Functions of each element alone, as primitives and as operators without arguments. */
import type { Operator } from "./operator.js";
import type { Primitive } from "./primitive.js";
import { noArguments } from "./signature.js";

/** What a convolution can apply to its result before storing it. */
export type Activation = "none" | "relu" | "sigmoid" | "tanh";

export type NoAttrs = Readonly<Record<string, never>>;

/** It neither has weights nor multiplies. */
export const elementwise = (name: string, tolerance: number): Primitive<NoAttrs> => ({
  name,
  infer: ([input]) => [input!],
  weights: () => ({}),
  macs: () => 0,
  format: () => "",
  tolerance,
});

/** The operator that builds such a primitive. */
export const elementwiseOperator = (
  primitive: Primitive<NoAttrs>,
  doc: string,
  linearity: "nonlinear" | "transparent" = "nonlinear",
): Operator<unknown> => ({
  name: primitive.name,
  doc,
  signature: noArguments,
  linearity: () => linearity,
  shape: (input) => input,
  traces: ({ traces }) => traces,
  parameters: () => [],
  build: (b, x) => b.node(primitive, [x], {}),
});
