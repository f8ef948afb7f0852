import type { Primitive } from "./primitive.js";

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
