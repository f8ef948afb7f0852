import { act } from "./activation-operators.js";
import { bug } from "../diagnostics/bug.js";
import { afterSums, convolutionArguments, normedParameters } from "./convolution.js";
import { type ConvTransposeAttrs, convTranspose2d, transposedPlane } from "./convtranspose2d.js";
import { bool, count, pair, pixelPad, window } from "./kinds.js";
import type { Operator, ShapeProblem } from "./operator.js";
import { pixelPads } from "./padding.js";
import { groupsProblem, needsImage } from "./rules.js";
import { channels, plane, type Shape } from "./shape.js";
import { named, optional, positional, signature, type ArgsIn } from "./signature.js";
import { isUnpadded } from "./spell-pads.js";
import { saying, spelling, unitStride, type Words } from "./spelling.js";
import { computedFrom } from "./trace.js";
import { formatPair, formatWindow, noPads, span, type Pair } from "./window.js";

const { norm, dilation } = convolutionArguments;

const args = signature({
  kernel: positional(window, "Kernel and stride: `2x2/2` doubles height and width."),
  channels: positional(count, "Output channels."),
  pad: optional(
    pixelPad,
    "Rows and columns cut off the result: `1`, `0x3` (height x width), `[top, bottom, left, right]`. None where windows lie edge to edge.",
  ),
  output_pad: named(pair(0), [0, 0], "Rows below and columns behind, less than the stride.", "0"),
  bias: optional(bool, "Adds one number a channel: `true`, or `false` with a norm."),
  dilation,
  groups: named(count, 1, "Groups of channels that do not see one another."),
  norm,
  act: named(act, "none", "After the norm: a word, or a call such as `leakyrelu(slope: 0.1)`."),
});

type Args = ArgsIn<typeof args>;

export const convTransposeOperator: Operator<Args> = {
  name: "convtranspose",
  doc:
    "Transposed convolution (+ bias), then `norm`, then `act`: PyTorch's ConvTranspose2d, which makes an image larger by its stride. " +
    "A side is (in - 1) * stride - 2 * pad + dilation * (k - 1) + output_pad + 1. Weight [in, out / groups, kh, kw].",
  signature: args,
  spelling: spelling(convTranspose2d, words, unitStride),
  linearity: ({ act: own }) => (own === "none" ? "linear" : "activated"),
  shape: (input, given) => {
    const attrs = placed(input, given);
    return "code" in attrs ? attrs : convTranspose2d.infer([input], attrs)[0]!;
  },
  traces: ({ traces: [, height, width] }, _, causes) => {
    const [kernel, pad] = [causes.of("kernel"), causes.of("pad")];
    const rest = [kernel, pad, causes.of("output_pad"), causes.of("dilation")];
    const sides = [computedFrom(height!, ...rest), computedFrom(width!, ...rest)];
    return [causes.of("channels"), ...sides];
  },
  parameters: (input, given) => {
    const weights = convTranspose2d.weights([input], known(input, given));
    return normedParameters(weights, given.channels, given.norm);
  },
  parameterTraces: (input, causes, [out]) => {
    const each = computedFrom(out!, causes.of("groups"));
    const side = causes.of("kernel");
    return {
      presence: computedFrom(causes.of("bias"), causes.of("norm")),
      dimensions: ({ shape }) =>
        shape.length === 1 ? [out!] : [input.traces[0]!, each, side, side],
    };
  },
  build: (b, x, given) => {
    const attrs = known(x.shape, given);
    const weights = convTranspose2d.weights([x.shape], attrs);
    const node = (names: Readonly<Record<string, string>>) =>
      b.node(convTranspose2d, [x], attrs, names);
    return afterSums(b, node, weights, given);
  },
};

/** Of one with neither norm nor activation; no pad is said where windows lie edge to edge. */
function words(attrs: ConvTransposeAttrs): Words {
  const { kernel, stride, pads, dilation, groups, outputPad, channels: count, bias } = attrs;
  const isTiling = kernel.every((side, axis) => span(side, dilation[axis]!) === stride[axis]);
  return {
    kernel: saying.window(kernel, stride),
    channels: saying.number(count),
    pad: isTiling && isUnpadded(pads) ? undefined : saying.pixels(pads),
    output_pad: saying.sides(outputPad),
    bias: bias ? undefined : saying.bool(false),
    dilation: saying.sides(dilation),
    groups: saying.number(groups),
  };
}

function known(input: Shape, given: Args): ConvTransposeAttrs {
  const attrs = placed(input, given);
  if ("code" in attrs) bug(`a transposed convolution was built with ${attrs.code}`);
  return attrs;
}

function placed(input: Shape, given: Args): ConvTransposeAttrs | ShapeProblem {
  const { channels: count, groups, dilation, output_pad: outputPad, pad, norm } = given;
  const { kernel, stride = [1, 1] } = given.kernel;
  const problem =
    needsImage("convtranspose", input) ??
    groupsProblem(groups, { input: channels(input), output: count }) ??
    outputPadProblem(outputPad, stride);
  if (problem !== undefined) return problem;
  const unpadded = { kernel, stride, dilation, groups, outputPad, channels: count };
  const bias = given.bias ?? norm === undefined;
  const reach = kernel.map((side, axis) => span(side, dilation[axis]!));
  if (pad === undefined && reach.some((side, axis) => side !== stride[axis])) {
    return ambiguous(input, { ...unpadded, bias, pads: noPads }, reach);
  }
  const pads = pad === undefined ? noPads : pixelPads(pad);
  const whole = transposedPlane(input, { ...unpadded, pads: noPads });
  const left = transposedPlane(input, { ...unpadded, pads });
  if (left.every((side) => side >= 1)) return { ...unpadded, bias, pads };
  const { top, bottom, left: before, right } = pads;
  const even = top === bottom && before === right;
  return {
    code: "shape/cut-away",
    params: {
      pad: even ? formatPair([top, before]) : `[${[top, bottom, before, right].join(", ")}]`,
      whole: whole.join("x"),
    },
    argument: "pad",
  };
}

function outputPadProblem(outputPad: Pair, stride: Pair): ShapeProblem | undefined {
  if (outputPad.every((pad, axis) => pad < stride[axis]!)) return undefined;
  return {
    code: "args/conflict",
    params: { a: `output_pad: ${formatPair(outputPad)}`, b: `a stride of ${formatPair(stride)}` },
    argument: "output_pad",
    help: `take less than the stride: what lies farther out no window reaches`,
  };
}

/** Windows that overlap, or leave gaps: what is meant is most often a result `stride` times as large. */
function ambiguous(
  input: Shape,
  attrs: ConvTransposeAttrs,
  reach: readonly number[],
): ShapeProblem {
  const { kernel, stride, outputPad } = attrs;
  const cut = reach.map((side, axis) => (side + outputPad[axis]! - stride[axis]!) / 2);
  const grows = cut.every((pad) => Number.isInteger(pad) && pad > 0);
  const whole = transposedPlane(input, attrs).join("x");
  const larger = plane(input)
    .map((side, axis) => side * stride[axis]!)
    .join("x");
  // An odd number of rows too many: one more is cut off than there are, and one put back.
  const even = cut.every((pad) => pad > 0 && stride.every((step) => step > 1) && pad % 1 === 0.5);
  const padded = formatPair([cut[0]! + 0.5, cut[1]! + 0.5]);
  const help = grows
    ? `pad: 0 for ${whole}`
    : even
      ? `pad: ${padded}, output_pad: 1 for ${larger}`
      : undefined;
  return {
    code: "shape/ambiguous-padding",
    params: { window: formatWindow(kernel, stride), why: "transposed" },
    write: { argument: "pad", text: grows ? formatPair([cut[0]!, cut[1]!]) : "0" },
    ...(help === undefined ? {} : { help }),
  };
}
