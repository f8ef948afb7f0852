import { pixelPad } from "./kinds.js";
import type { OnnxNode } from "./onnx.js";
import { padReaders, type PadAttrs } from "./onnx-reading/pad.js";
import type { Operator } from "./operator.js";
import { pixelPads } from "./padding.js";
import type { PoolAttrs } from "./pool-attrs.js";
import { avgPool } from "./pool2d.js";
import { avgPoolGradient } from "./training/pool-gradient.js";
import type { Primitive } from "./primitive.js";
import { needsImage, windowed } from "./rules.js";
import { channels } from "./shape.js";
import { positional, signature, type ArgsIn } from "./signature.js";
import { saying, spelling } from "./spelling.js";
import { computedFrom } from "./trace.js";
import { formatPads } from "./window.js";

/** It is an average over windows of one pixel each, of which those in the padding are 0. */
export const padAsPool = ({ pads }: PadAttrs): PoolAttrs => ({
  kernel: [1, 1],
  stride: [1, 1],
  pads,
  ceil: false,
  countPad: true,
});

export const zeroPad: Primitive<PadAttrs> = {
  name: "zeropad",
  infer: (inputs, attrs) => avgPool.infer(inputs, padAsPool(attrs)),
  weights: () => ({}),
  macs: () => 0,
  format: ({ pads }) => formatPads(pads).replace("pad ", ""),
  tolerance: 0,
  inPlace: false,
  passesOn: ({ pads }) => Object.values(pads).every((pad: number) => pad === 0),
  range: (inputs, attrs, shapes) => avgPool.range(inputs, padAsPool(attrs), shapes),
  evaluate: (operands, attrs, n) => avgPool.evaluate(operands, padAsPool(attrs), n),
  gradient: (b, { attrs, inputs: [x] }, [dy]) => ({
    inputs: [b.node(avgPoolGradient, [dy!], { ...padAsPool(attrs), shape: x!.shape })],
  }),
  onnx: { write: writeOnnx, read: padReaders },
};

/** ONNX's order: before each dimension, the batch and the channels among them, then behind each. */
function writeOnnx(node: OnnxNode, { pads: { top, left, bottom, right } }: PadAttrs): void {
  const sides = node.integers("pads", [0, 0, top, left, 0, 0, bottom, right]);
  node.finish("Pad", [node.inputs[0]!.name, sides]);
}

const args = signature({
  pad: positional(pixelPad, "Pixels: `1`, `0x3` (height x width), `[top, bottom, left, right]`."),
});

export const zeroPadOperator: Operator<ArgsIn<typeof args>> = {
  name: "zeropad",
  doc: "Zeros around the image.",
  signature: args,
  spelling: spelling(zeroPad, ({ pads }) => ({ pad: saying.pixels(pads) })),
  linearity: () => "transparent",
  shape: (input, { pad }) =>
    needsImage("zeropad", input) ??
    windowed(input, { ...padAsPool({ pads: pixelPads(pad) }), dilation: [1, 1] }, channels(input)),
  traces: ({ traces: [channel, height, width] }, _, causes) => [
    channel!,
    computedFrom(height!, causes.of("pad")),
    computedFrom(width!, causes.of("pad")),
  ],
  parameters: () => [],
  build: (b, x, { pad }) => b.node(zeroPad, [x], { pads: pixelPads(pad) }),
};
