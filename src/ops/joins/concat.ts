import type { NoAttrs } from "../elementwise.js";
import { joined, perImage } from "../evaluate.js";
import { oneNode } from "../onnx.js";
import { type NodeReader, reads, refuse } from "../onnx-reading/reader.js";
import { joining } from "../onnx-reading/joins.js";
import { slice, slicesOf } from "../training/slice.js";
import { around, sumOf, withSum } from "../range.js";
import { channels, isImage, plane } from "../shape.js";
import { computedFrom } from "../trace.js";
import { type Join, joinPrimitive } from "./join.js";
import { agreeingTraces, type JoinRule } from "./rule.js";

/** Height and width agree, and channels add up. */
const stacked: JoinRule = {
  beside: (branch, other) => [channels(branch), ...other.slice(1)],
  follows: () => false,
  shape: ([first = [], ...others]) => [
    others.reduce((sum, shape) => sum + channels(shape), channels(first)),
    ...first.slice(1),
  ],
  traces: (branches) => {
    const depths = branches.map(({ traces }) => traces[0]!);
    const depth = depths.length === 1 ? depths[0]! : computedFrom(...depths);
    return [depth, ...agreeingTraces(branches).slice(1)];
  },
  shown: (shape) => (isImage(shape) ? plane(shape).join("x") : "vector"),
};

/** Along channels, in operand order. */
export const concat = joinPrimitive<NoAttrs>({
  name: "concat",
  rule: stacked,
  format: () => "",
  tolerance: 0,
  inPlace: false,
  passesOn: (_, operands) => operands === 1,
  range: (inputs) => {
    const { low, high } = around(inputs.flatMap((range) => [range.low, range.high]));
    return withSum(low, high, sumOf(inputs));
  },
  gradient: (b, { inputs }, [dy]) => ({
    inputs: slicesOf(inputs.map(({ shape }) => shape)).map((own) => b.node(slice, [dy!], own)),
  }),
  evaluate: perImage(({ inputs }) => [joined(inputs.map(({ data }) => data))]),
  onnx: {
    write: oneNode("Concat", { axis: 1 }),
    read: reads({ Concat: joining(stacked, readAxis) }),
  },
});

function readAxis(_: number, node: NodeReader): NoAttrs {
  const axis = node.axis(node.integer("axis"), node.flowing(0));
  if (axis !== 1) refuse(`joins along axis ${axis}; here that is along channels`);
  return {};
}

export const concatJoin: Join<NoAttrs> = {
  name: "concat",
  doc: "The branches' channels, one after the other in the written order. Branches agree in height and width.",
  rule: stacked,
  linear: true,
  sideBySide: true,
  primitive: concat,
  attrs: () => ({}),
};
