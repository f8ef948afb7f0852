/** The transpose of a convolution's map: what a derivative is by its input, with a bias of its own. */
import { conv2d } from "./conv2d.js";
import { type Taps, visitTaps } from "./conv2d-evaluate.js";
import { first, perImage, weight } from "./evaluate.js";
import { type OnnxNode, onnxPads, withWeights } from "./onnx.js";
import { convTransposeReaders } from "./onnx-reading/convtranspose.js";
import type {
  BuildValue,
  Gradients,
  Operandwise,
  Primitive,
  RuleBuilder,
  RuleNode,
} from "./primitive.js";
import { anything } from "./range.js";
import { channels, elements, plane, type Shape } from "./shape.js";
import { convWeightGradient, type ConvGradientAttrs } from "./training/conv2d-gradient.js";
import { sumChannels } from "./training/sum-channels.js";
import { formatPads, formatPair, formatWindow, span, words, type Pair } from "./window.js";

/** `channels` are those of the result; `pads` are cut off it. */
export interface ConvTransposeAttrs extends Taps {
  readonly bias: boolean;
  /** Rows below and columns behind the result that only the bias reaches, or the last taps. */
  readonly outputPad: Pair;
}

/** PyTorch's ConvTranspose2d: (in - 1) * stride - pads + dilation * (kernel - 1) + outputPad + 1. */
export function transposedPlane(
  input: Shape,
  { kernel, stride, pads, dilation, outputPad }: Omit<ConvTransposeAttrs, "channels" | "bias">,
): Pair {
  const cut = [pads.top + pads.bottom, pads.left + pads.right];
  const side = (size: number, axis: 0 | 1): number =>
    (size - 1) * stride[axis] - cut[axis]! + span(kernel[axis], dilation[axis]) + outputPad[axis];
  const [height, width] = plane(input);
  return [side(height, 0), side(width, 1)];
}

/** The convolution whose transpose it is, as its derivative says it: from the result to the input. */
export const transposeOf = (
  { kernel, stride, pads, dilation, groups, channels: count }: ConvTransposeAttrs,
  input: Shape,
  plane: Pair,
): ConvGradientAttrs => ({
  ...{ kernel, stride, pads, dilation, groups },
  channels: channels(input),
  shape: [count, ...plane],
});

/** Weight [in, channels / groups, kh, kw]. */
export const convTranspose2d: Primitive<ConvTransposeAttrs> = {
  name: "convtranspose",
  infer: ([input], attrs) => [[attrs.channels, ...transposedPlane(input!, attrs)]],
  weights: ([input], attrs) => ({
    weight: [channels(input!), attrs.channels / attrs.groups, ...attrs.kernel],
    ...(attrs.bias ? { bias: [attrs.channels] } : {}),
  }),
  macs: ([input], { kernel, channels: count, groups }) =>
    (elements(input!) * kernel[0] * kernel[1] * count) / groups,
  format: ({ kernel, stride, pads, dilation, groups, outputPad, channels: count, bias }) =>
    words(
      formatWindow(kernel, stride),
      `${count}`,
      formatPads(pads),
      outputPad.every((side) => side === 0) ? "" : `output pad ${formatPair(outputPad)}`,
      dilation.every((side) => side === 1) ? "" : `dilation ${formatPair(dilation)}`,
      groups === 1 ? "" : `groups ${groups}`,
      bias ? "" : "no bias",
    ),
  tolerance: 2e-6,
  inPlace: false,
  range: () => anything,
  evaluate: perImage((operands, attrs) => {
    const { shape, data: x } = first(operands.inputs);
    const [w, bias] = [weight(operands, "weight"), operands.weights["bias"]?.data];
    const of = transposeOf(attrs, shape, transposedPlane(shape, attrs));
    const pixels = elements(plane(of.shape));
    const sums = new Float64Array(elements(of.shape)).map(
      (_, i) => bias?.[Math.floor(i / pixels)] ?? 0,
    );
    visitTaps(of, of.shape, plane(shape), (from, tap, at) => (sums[at]! += w[tap]! * x[from]!));
    return [sums];
  }),
  gradient,
  onnx: { write: writeOnnx, read: convTransposeReaders },
};

/** By its input it is the convolution itself, and by its weight that one's, with x for dy. */
function gradient(
  b: RuleBuilder,
  { attrs, inputs: [x], weights }: RuleNode<ConvTransposeAttrs>,
  [dy]: readonly (BuildValue | undefined)[],
  wants: Operandwise<boolean>,
): Gradients {
  const { kernel, stride, pads, dilation, groups } = attrs;
  const taps = { kernel, stride, pads, dilation, groups, channels: channels(x!.shape) };
  const weight = weights["weight"]!;
  const back = { ...taps, bias: false, activation: "none", split: [taps.channels] } as const;
  return {
    inputs: [wants.inputs[0] ? b.node(conv2d, [dy!], back, { weight }) : undefined],
    weights: {
      weight: wants.weights["weight"]
        ? b.node(convWeightGradient, [dy!, x!], { ...taps, shape: weight.shape })
        : undefined,
      bias: wants.weights["bias"] ? b.node(sumChannels, [dy!], {}) : undefined,
    },
  };
}

function writeOnnx(node: OnnxNode, attrs: ConvTransposeAttrs): void {
  const { kernel, stride, pads, dilation, groups, outputPad } = attrs;
  node.finish("ConvTranspose", withWeights(node, node.inputs[0]!.name, "weight", "bias"), {
    kernel_shape: kernel,
    strides: stride,
    pads: onnxPads(pads),
    output_padding: outputPad,
    dilations: dilation,
    group: groups,
  });
}
