import type { Primitive } from "./primitive.js";

/** x * scale + shift; each of length 1, or one a channel. */
export interface ScaleAttrs {
  readonly scale: readonly number[];
  readonly shift: readonly number[];
}

export const scale: Primitive<ScaleAttrs> = {
  name: "scale",
  infer: ([input]) => [input!],
  weights: () => ({}),
  macs: () => 0,
  format: (attrs) => `${formatList(attrs.scale)} shift ${formatList(attrs.shift)}`,
  tolerance: 1e-7,
};

const formatList = (values: readonly number[]): string =>
  values.length === 1 ? `${values[0]}` : `[${values.join(", ")}]`;
