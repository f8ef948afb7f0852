import type { NoAttrs } from "./activation.js";
import type { Primitive } from "./primitive.js";
import { elements } from "./shape.js";

/** C,H,W to one vector, in that order. */
export const flatten: Primitive<NoAttrs> = {
  name: "flatten",
  infer: ([input]) => [[elements(input!)]],
  weights: () => ({}),
  macs: () => 0,
  format: () => "",
  tolerance: 0,
};
