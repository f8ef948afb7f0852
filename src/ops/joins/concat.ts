import type { NoAttrs } from "../elementwise.js";
import { joined, perImage } from "../evaluate.js";
import { oneNode, type OnnxNode } from "../onnx.js";
import { type NodeReader, reads, refuse } from "../onnx-reading/reader.js";
import { joining } from "../onnx-reading/joins.js";
import { type SliceAttrs, sliceReaders } from "../onnx-reading/slice.js";
import type { BuildValue, Primitive, RuleBuilder } from "../primitive.js";
import { around, firstRange, sumOf, withSum } from "../range.js";
import { channels, elements, isImage, plane, type Shape } from "../shape.js";
import { computedFrom } from "../trace.js";
import { zerosLike } from "../training/zeros-like.js";
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

/** Some channels of a value, one after the other. A concat is its derivative, and it a concat's. */
export const slice: Primitive<SliceAttrs> = {
  name: "slice",
  misfit: ([input], { from, count }) =>
    from + count <= channels(input!)
      ? undefined
      : `takes channels ${from} to ${from + count - 1} of ${channels(input!)}`,
  infer: ([input], { count }) => [[count, ...input!.slice(1)]],
  weights: () => ({}),
  macs: () => 0,
  format: ({ from, count }) => `${from}..${from + count - 1}`,
  tolerance: 0,
  inPlace: false,
  // What all channels sum to says nothing of some.
  range: (inputs) => {
    const { low, high } = firstRange(inputs);
    return { low, high };
  },
  evaluate: perImage(({ inputs: [x] }, { from, count }) => {
    const row = elements(x!.shape.slice(1));
    return [joined([x!.data.subarray(from * row, (from + count) * row)])];
  }),
  gradient: (b, { attrs: { from, count }, inputs: [x] }, [dy]) => {
    const after = channels(x!.shape) - from - count;
    if (from === 0 && after === 0) return { inputs: [dy] };
    const zeros = b.node(zerosLike, [dy!], {});
    const parts = [...zerosOf(b, zeros, from), dy!, ...zerosOf(b, zeros, after)];
    return { inputs: [b.node(concat, parts, {})] };
  },
  onnx: { write: writeSlice, read: sliceReaders },
};

/** So many channels of 0, made of a value that is 0. */
function zerosOf(b: RuleBuilder, zeros: BuildValue, count: number): readonly BuildValue[] {
  const each = channels(zeros.shape);
  const whole = Array.from({ length: Math.floor(count / each) }, () => zeros);
  const rest = count % each;
  return rest === 0 ? whole : [...whole, b.node(slice, [zeros], { from: 0, count: rest })];
}

function writeSlice(node: OnnxNode, { from, count }: SliceAttrs): void {
  const list = (hint: string, value: number): string => node.integers(hint, [value]);
  const sides = [list("starts", from), list("ends", from + count), list("axes", 1)];
  node.finish("Slice", [node.inputs[0]!.name, ...sides]);
}

/** Where each of the values lies that are side by side. */
export function slicesOf(shapes: readonly Shape[]): readonly SliceAttrs[] {
  let from = 0;
  return shapes.map((shape) => {
    const own = { from, count: channels(shape) };
    from += own.count;
    return own;
  });
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
