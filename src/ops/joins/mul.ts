import type { NoAttrs } from "../elementwise.js";
import type { OnnxNode } from "../onnx.js";
import { reads } from "../onnx-reading/reader.js";
import { joining } from "../onnx-reading/joins.js";
import { around, type Range, product } from "../range.js";
import { gathered } from "../training/joins.js";
import { type Join, type JoinPrimitive, joinPrimitive } from "./join.js";
import { eachPlace, spreading } from "./spread.js";

/** The product of all operands. */
export const mul: JoinPrimitive<NoAttrs> = joinPrimitive<NoAttrs>({
  name: "mul",
  rule: spreading,
  format: () => "",
  tolerance: 1e-6,
  inPlace: true,
  passesOn: (_, operands) => operands === 1,
  range: ([first, ...others]) => others.reduce(times, first!),
  evaluate: eachPlace((values) => values.reduce((a, b) => a * b)),
  // Of each operand the product of the others.
  gradient: (b, { inputs }, [dy], wants) => ({
    inputs: inputs.map((x, i) => {
      if (!wants.inputs[i]) return undefined;
      const others = inputs.filter((_, other) => other !== i);
      return gathered(b, x, b.node(mul, [dy!, ...others], {}));
    }),
  }),
  onnx: { write: writeMul, read: reads({ Mul: joining(spreading, () => ({})) }) },
});

const times = (a: Range, b: Range): Range =>
  around([a.low, a.high].flatMap((end) => [product(end, b.low), product(end, b.high)]));

/** ONNX's takes two. */
function writeMul(node: OnnxNode): void {
  const names = node.inputs.map(({ name }) => name);
  const [last = ""] = names.splice(-1);
  const [first, ...others] = names;
  if (first === undefined) return node.finish("Identity", [last]);
  const before = others.reduce((so, name) => node.add("Mul", [so, name]), first);
  node.finish("Mul", [before, last]);
}

export const mulJoin: Join<NoAttrs> = {
  name: "mul",
  doc: "The product of the branches. They are of one shape, but for those of C x 1x1, which are spread over height and width: a gate for each channel, as in squeeze-and-excite.",
  rule: spreading,
  linear: false,
  sideBySide: false,
  primitive: mul,
  attrs: () => ({}),
};
