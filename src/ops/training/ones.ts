import { inner } from "../inner.js";

/** 1 in the shape of its operand: the derivative of a loss by itself. */
export const ones = inner({
  name: "ones",
  operands: "one",
  infer: ([input]) => [input!],
  tolerance: 0,
  evaluate: ({ inputs }) => inputs.map(({ data }) => data.map(() => 1)),
});
