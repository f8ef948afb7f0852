import type { Primitive } from "./primitive.js";
import { elements } from "./shape.js";
import { words } from "./window.js";

export interface LinearAttrs {
  readonly features: number;
  readonly bias: boolean;
}

/** y = W x + b with W [features, inputs]; an image is flattened C,H,W first. */
export const linear: Primitive<LinearAttrs> = {
  name: "linear",
  infer: (_, { features }) => [[features]],
  weights: ([input], { features, bias }) => ({
    weight: [features, elements(input!)],
    ...(bias ? { bias: [features] } : {}),
  }),
  macs: ([input], { features }) => features * elements(input!),
  format: ({ features, bias }) => words(`${features}`, bias ? "" : "no bias"),
  tolerance: 2e-6,
};
