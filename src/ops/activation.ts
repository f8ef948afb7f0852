import type { Primitive } from "./primitive.js";

/** What a convolution can apply to its result before storing it. */
export type Activation = "none" | "relu" | "sigmoid" | "tanh";

export type NoAttrs = Readonly<Record<string, never>>;

/** A function of each element alone; it neither has weights nor multiplies. */
export const elementwise = (name: string, tolerance: number): Primitive<NoAttrs> => ({
  name,
  infer: ([input]) => [input!],
  weights: () => ({}),
  macs: () => 0,
  format: () => "",
  tolerance,
});
