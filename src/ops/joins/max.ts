import type { NoAttrs } from "../elementwise.js";
import { oneNode } from "../onnx.js";
import { reads } from "../onnx-reading/reader.js";
import { joining } from "../onnx-reading/joins.js";
import { maxGradient } from "../training/joins.js";
import { type Join, joinPrimitive } from "./join.js";
import { alike } from "./rule.js";
import { eachPlace } from "./spread.js";

/** The largest of the operands at each place; NaN wins. */
export const max = joinPrimitive<NoAttrs>({
  name: "max",
  rule: alike,
  format: () => "",
  tolerance: 0,
  inPlace: true,
  passesOn: (_, operands) => operands === 1,
  range: (inputs) =>
    inputs.length === 1
      ? inputs[0]!
      : {
          low: Math.max(...inputs.map(({ low }) => low)),
          high: Math.max(...inputs.map(({ high }) => high)),
        },
  evaluate: eachPlace((values) => Math.max(...values)),
  gradient: (b, { inputs, outputs: [y] }, [dy], wants) => ({
    inputs: inputs.map((_, operand) =>
      wants.inputs[operand] ? b.node(maxGradient, [dy!, y!, ...inputs], { operand }) : undefined,
    ),
  }),
  onnx: { write: oneNode("Max"), read: reads({ Max: joining(alike, () => ({})) }) },
});

export const maxJoin: Join<NoAttrs> = {
  name: "max",
  doc: "The largest of the branches at each place; NaN wins. They are of one shape.",
  rule: alike,
  linear: false,
  sideBySide: false,
  primitive: max,
  attrs: () => ({}),
};
