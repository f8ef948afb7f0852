import { firstRange } from "../ops/range.js";
import { noOnnx } from "../ops/inner.js";
import type { Primitive } from "../ops/primitive.js";
import { type Layout, layoutName } from "./layout.js";

export interface ConvertAttrs {
  readonly to: Layout;
}

/** The same numbers in another layout: made where kernels are chosen, between two that differ. */
export const convert: Primitive<ConvertAttrs> = {
  name: "convert",
  infer: ([input]) => [input!],
  weights: () => ({}),
  macs: () => 0,
  format: ({ to }) => `to ${layoutName(to)}`,
  tolerance: 0,
  inPlace: false,
  range: firstRange,
  evaluate: ({ inputs }) => inputs.map(({ data }) => data),
  onnx: noOnnx("kernels are chosen"),
};
