import { perChannel } from "./kinds.js";
import type { Operator } from "./operator.js";
import type { Primitive } from "./primitive.js";
import { perChannelProblem } from "./rules.js";
import { channels } from "./shape.js";
import { named, positional, signature, type ArgsIn } from "./signature.js";

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
};

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
  linearity: () => "transparent",
  shape: (input, given) =>
    perChannelProblem("scale", given.scale, channels(input)) ??
    perChannelProblem("shift", given.shift, channels(input)) ??
    input,
  traces: ({ traces }) => traces,
  parameters: () => [],
  build: (b, x, given) => b.node(scale, [x], given),
};
