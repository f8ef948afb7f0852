import type { NoAttrs } from "./activation.js";
import type { Operator } from "./operator.js";
import type { Primitive } from "./primitive.js";
import { elements } from "./shape.js";
import { noArguments } from "./signature.js";
import { computedFrom } from "./trace.js";

/** C,H,W to one vector, in that order. */
export const flatten: Primitive<NoAttrs> = {
  name: "flatten",
  infer: ([input]) => [[elements(input!)]],
  weights: () => ({}),
  macs: () => 0,
  format: () => "",
  tolerance: 0,
};

export const flattenOperator: Operator<unknown> = {
  name: "flatten",
  doc: "An image to one vector, in the order C,H,W.",
  signature: noArguments,
  linearity: () => "transparent",
  shape: (input) => [elements(input)],
  traces: ({ traces }) => [traces.length === 1 ? traces[0]! : computedFrom(...traces)],
  parameters: () => [],
  build: (b, x) => b.node(flatten, [x], {}),
};
