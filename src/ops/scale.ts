import { eachChannel } from "./evaluate.js";
import { perChannel } from "./kinds.js";
import type { OnnxNode } from "./onnx.js";
import { scaleReaders } from "./onnx-reading/scale.js";
import type { Operator } from "./operator.js";
import type { Primitive } from "./primitive.js";
import { firstRange, scaledRange } from "./range.js";
import { perChannelProblem } from "./rules.js";
import { channels } from "./shape.js";
import { named, positional, signature, type ArgsIn } from "./signature.js";
import { saying, spelling } from "./spelling.js";

/** x * scale + shift; each of length 1, or one a channel. */
export interface ScaleAttrs {
  readonly scale: readonly number[];
  readonly shift: readonly number[];
}

export const scale: Primitive<ScaleAttrs> = {
  name: "scale",
  infer: ([input]) => [input!],
  weights: () => ({}),
  macs: () => 0,
  format: (attrs) => `${formatList(attrs.scale)} shift ${formatList(attrs.shift)}`,
  tolerance: 1e-7,
  inPlace: true,
  passesOn: (attrs) => attrs.scale.every((s) => s === 1) && attrs.shift.every((s) => s === 0),
  range: (inputs, attrs, [shape]) =>
    scaledRange(firstRange(inputs), attrs.scale, attrs.shift, channels(shape!)),
  evaluate: eachChannel(
    (_, attrs) => (x, c) => x * ofChannel(attrs.scale, c) + ofChannel(attrs.shift, c),
  ),
  gradient: (b, { attrs }, [dy]) => ({
    inputs: [b.node(scale, [dy!], { scale: attrs.scale, shift: [0] })],
  }),
  onnx: { write: writeOnnx, read: scaleReaders },
};

const ofChannel = (values: readonly number[], c: number): number =>
  values[values.length === 1 ? 0 : c] ?? NaN;

function writeOnnx(node: OnnxNode, { scale: factors, shift }: ScaleAttrs): void {
  const [{ name, shape }] = node.inputs as [OnnxNode["inputs"][number]];
  // It broadcasts over the batch and the plane.
  const constant = (hint: string, values: readonly number[]): string => {
    const spread = [1, values.length, ...shape.slice(1).map(() => 1)];
    return node.constant(hint, spread, Float32Array.from(values));
  };
  const scaled = node.add("Mul", [name, constant("scale", factors)]);
  node.finish("Add", [scaled, constant("shift", shift)]);
}

const formatList = (values: readonly number[]): string =>
  values.length === 1 ? `${values[0]}` : `[${values.join(", ")}]`;

const args = signature({
  scale: positional(perChannel(), "Factor: a number, or a list with one a channel."),
  shift: named(perChannel(), [0], "Added after: a number, or a list with one a channel.", "0"),
});

export const scaleOperator: Operator<ArgsIn<typeof args>> = {
  name: "scale",
  doc: "x * scale + shift with fixed numbers, such as torchvision's `transform_input`.",
  signature: args,
  spelling: spelling(scale, (attrs) => ({
    scale: saying.numbers(attrs.scale),
    shift: saying.numbers(attrs.shift),
  })),
  linearity: () => "transparent",
  shape: (input, given) =>
    perChannelProblem("scale", given.scale, channels(input)) ??
    perChannelProblem("shift", given.shift, channels(input)) ??
    input,
  traces: ({ traces }) => traces,
  parameters: () => [],
  build: (b, x, given) => b.node(scale, [x], given),
};
