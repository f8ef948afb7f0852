import {
  type Activation,
  activatedRange,
  formatApplied,
  functionOf,
  type MaybeApplied,
} from "./activations.js";
import { convolve, type Taps } from "./conv2d-evaluate.js";
import { convGradient } from "./training/conv2d-gradient.js";
import { cut, perImage } from "./evaluate.js";
import { beforeFusing, type OnnxNode, onnxPads, withWeights } from "./onnx.js";
import { convReaders } from "./onnx-reading/conv.js";
import type { Primitive } from "./primitive.js";
import { anything } from "./range.js";
import { channels, formatShape, sameShape, type Shape } from "./shape.js";
import { formatPads, formatPair, formatWindow, slide, words, type Pair } from "./window.js";

export interface ConvAttrs extends Taps, MaybeApplied {
  /** One a channel; or, where a pass has made it, one a place: of the result's shape. */
  readonly bias: boolean | "placed";
  readonly activation: Activation | "none";
  /** Channels of each output: `[channels]`, or one entry for each of the siblings merged. */
  readonly split: readonly number[];
}

/**
 * Cross-correlation, zeros outside the image; weight [channels, in / groups, kh, kw]. A second operand,
 * which passes give it, is of the result's shape and is added to it before the activation.
 */
export const conv2d: Primitive<ConvAttrs> = {
  name: "conv",
  operands: "any",
  misfit: ([input, ...added], attrs) => {
    const { split, channels: count } = attrs;
    const sum = split.reduce((total, each) => total + each, 0);
    if (sum !== count) return `splits ${count} channels into ${sum}`;
    if (attrs.bias === "placed" && split.length > 1)
      return "has several results, and a bias of places";
    if (added.length === 0) return undefined;
    if (attrs.bias === "placed") return "adds a value and a bias that is one a place";
    if (added.length > 1) return `adds ${added.length} values`;
    if (split.length > 1) return "adds a value to several";
    const result = [count, ...convPlane(input!, attrs)];
    if (sameShape(added[0]!, result)) return undefined;
    return `adds ${formatShape(added[0]!)} to ${formatShape(result)}`;
  },
  infer: ([input], attrs) => {
    const [height, width] = convPlane(input!, attrs);
    return attrs.split.map((count) => [count, height, width]);
  },
  weights: ([input], attrs) => ({
    weight: [attrs.channels, channels(input!) / attrs.groups, ...attrs.kernel],
    ...(attrs.bias === false ? {} : { bias: biasShape(input!, attrs) }),
  }),
  macs: ([input], attrs) => {
    const [height, width] = convPlane(input!, attrs);
    const taps = attrs.kernel[0] * attrs.kernel[1];
    return (attrs.channels * height * width * taps * channels(input!)) / attrs.groups;
  },
  format: formatConv,
  tolerance: 2e-6,
  inPlace: false,
  range: (_, attrs) => activatedRange(anything, attrs),
  evaluate: perImage((operands, attrs) => {
    const shapes = conv2d.infer([operands.inputs[0]!.shape], attrs);
    const sums = convolve(operands, attrs, convPlane(operands.inputs[0]!.shape, attrs));
    const added = operands.inputs[1]?.data;
    const wholes = added === undefined ? sums : sums.map((sum, i) => sum + added[i]!);
    return cut(wholes.map(functionOf(attrs)), shapes);
  }),
  gradient: convGradient,
  onnx: { write: writeOnnx, read: convReaders },
};

/** @throws RangeError for what passes made of it: they run after a graph is exported */
function writeOnnx(node: OnnxNode, attrs: ConvAttrs): void {
  const { kernel, stride, pads, dilation, groups, split, activation } = attrs;
  if (
    split.length !== 1 ||
    activation !== "none" ||
    node.inputs.length > 1 ||
    attrs.bias === "placed"
  ) {
    throw new RangeError(beforeFusing);
  }
  node.finish("Conv", withWeights(node, node.inputs[0]!.name, "weight", "bias"), {
    kernel_shape: kernel,
    strides: stride,
    pads: onnxPads(pads),
    dilations: dilation,
    group: groups,
  });
}

const biasShape = (input: Shape, attrs: ConvAttrs): Shape =>
  attrs.bias === "placed" ? [attrs.channels, ...convPlane(input, attrs)] : [attrs.channels];

const convPlane = (input: Shape, attrs: ConvAttrs): Pair => slide(input, { ...attrs, ceil: false });

function formatConv(attrs: ConvAttrs): string {
  const { kernel, stride, pads, dilation, groups, split, bias } = attrs;
  const spread = formatPair(dilation);
  return words(
    formatWindow(kernel, stride),
    split.join("+"),
    formatPads(pads),
    spread === "1" ? "" : `dilation ${spread}`,
    groups === 1 ? "" : `groups ${groups}`,
    bias === false ? "no bias" : bias === "placed" ? "bias of places" : "",
    formatApplied(attrs),
  );
}
