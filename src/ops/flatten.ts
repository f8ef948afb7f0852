import { type NoAttrs, passThrough } from "./elementwise.js";
import { oneNode } from "./onnx.js";
import { flattenReaders } from "./onnx-reading/flatten.js";
import type { Operator } from "./operator.js";
import { reshape } from "./training/reshape.js";
import type { Primitive } from "./primitive.js";
import { firstRange, withSum } from "./range.js";
import { elements, plane } from "./shape.js";
import { noArguments } from "./signature.js";
import { spelling } from "./spelling.js";
import { computedFrom } from "./trace.js";

/** C,H,W to one vector, in that order. */
export const flatten: Primitive<NoAttrs> = {
  ...passThrough("flatten", { write: oneNode("Flatten", { axis: 1 }), read: flattenReaders }),
  infer: ([input]) => [[elements(input!)]],
  // A reader sees another shape.
  passesOn: () => false,
  gradient: (b, { inputs: [x] }, [dy]) => ({
    inputs: [b.node(reshape, [dy!], { shape: x!.shape })],
  }),
  range: (inputs, _, [input]) => {
    // The pixels of a channel become channels: their sums add up.
    const { low, high, sum } = firstRange(inputs);
    return withSum(low, high, sum === undefined ? undefined : sum * elements(plane(input!)));
  },
};

export const flattenOperator: Operator<unknown> = {
  name: "flatten",
  doc: "An image to one vector, in the order C,H,W.",
  signature: noArguments,
  spelling: spelling(flatten),
  linearity: () => "transparent",
  shape: (input) => [elements(input)],
  traces: ({ traces }) => [traces.length === 1 ? traces[0]! : computedFrom(...traces)],
  parameters: () => [],
  build: (b, x) => b.node(flatten, [x], {}),
};
