import { passThrough } from "./elementwise.js";
import { fraction } from "./kinds.js";
import { oneNode } from "./onnx.js";
import type { Operator } from "./operator.js";
import { positional, signature, type ArgsIn } from "./signature.js";

/** `p` is the share of elements dropped in training; inference passes everything through. */
export interface DropoutAttrs {
  readonly p: number;
}

export const dropout = passThrough<DropoutAttrs>("dropout", oneNode("Identity"), ({ p }) => `${p}`);

const args = signature({ p: positional(fraction, "The share of elements dropped in training.") });

export const dropoutOperator: Operator<ArgsIn<typeof args>> = {
  name: "dropout",
  doc: "Drops a share `p` of the elements in training and scales the rest by 1 / (1 - p); identity at inference.",
  signature: args,
  linearity: () => "transparent",
  shape: (input) => input,
  traces: ({ traces }) => traces,
  parameters: () => [],
  build: (b, x, { p }) => b.node(dropout, [x], { p }),
};
