import { fraction } from "./kinds.js";
import type { Operator } from "./operator.js";
import type { Primitive } from "./primitive.js";
import { positional, signature, type ArgsIn } from "./signature.js";

/** `p` is the share of elements dropped in training; inference passes everything through. */
export interface DropoutAttrs {
  readonly p: number;
}

export const dropout: Primitive<DropoutAttrs> = {
  name: "dropout",
  infer: ([input]) => [input!],
  weights: () => ({}),
  macs: () => 0,
  format: ({ p }) => `${p}`,
  tolerance: 0,
};

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
