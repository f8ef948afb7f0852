/** What `conv` and `depthwise` share: convolution (+ bias), then norm, then activation. */
import { bug } from "../diagnostics/bug.js";
import { act, type Act, applyAct } from "./activation-operators.js";
import {
  type BatchNormArgs,
  batchNormAttrs,
  batchNormSignature,
  batchNormWeights,
  buildBatchNorm,
} from "./batchnorm.js";
import { conv2d, type ConvAttrs } from "./conv2d.js";
import { bool, optionalCall, pad, pair, type PadArg, type WindowArg } from "./kinds.js";
import type { Operator, ParameterSpec, ShapeProblem } from "./operator.js";
import { defaultPads, resolvePads } from "./padding.js";
import { mapParameters, normParameters, suffixes } from "./parameters.js";
import type { Builder, BuildValue } from "./primitive.js";
import { groupsProblem, needsImage, windowed } from "./rules.js";
import { channels, type Shape } from "./shape.js";
import { spellPads } from "./spell-pads.js";
import { saying, type Words } from "./spelling.js";
import { named, optional } from "./signature.js";
import { computedFrom, fixed, slidTraces, type Causes, type Trace } from "./trace.js";
import type { Pair, Window } from "./window.js";

/** One convolution of known input, its arguments read. */
export interface Convolution {
  readonly operator: string;
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly channels: number;
  readonly groups: number;
  readonly dilation: Pair;
  readonly pad: PadArg | undefined;
  readonly bias: boolean | undefined;
  readonly norm: BatchNormArgs | undefined;
  readonly act: Act;
}

/** The named arguments that both take. */
export const convolutionArguments = {
  pad: optional(pad, "Padding. Stride 1 with an odd kernel defaults to `same`, a 1x1 needs none."),
  bias: optional(bool, "Adds one number a channel: `true`, or `false` with a norm."),
  dilation: named(pair(1), [1, 1], "Distance between the taps of the kernel.", "1"),
  norm: named(
    optionalCall("none", "batchnorm", batchNormSignature),
    undefined,
    "After the convolution; `batchnorm` takes the file's defaults for it, or its own arguments.",
    "none",
  ),
  act: named(act, "none", "After the norm: a word, or a call such as `leakyrelu(slope: 0.1)`."),
};

/** Those of the arguments that decide how large the result is. */
interface PlacingArgs {
  readonly kernel: WindowArg;
  readonly dilation: Pair;
  readonly pad: PadArg | undefined;
  readonly bias: boolean | undefined;
  readonly norm: BatchNormArgs | undefined;
}

/**
 * The rules that an operator has once it can say which convolution it is on a given input.
 *
 * @param channelsTrace what the output's channels depend on
 * @param channelsSeen what the channels depend on that one of them is made of
 */
export const convolutionRules = <A extends PlacingArgs>(
  convolve: (input: Shape, args: A) => Convolution,
  channelsTrace: (entering: Trace, args: A, causes: Causes<A>) => Trace,
  channelsSeen: (entering: Trace, causes: Causes<A>) => Trace,
): Pick<
  Operator<A>,
  "shape" | "traces" | "parameters" | "parameterTraces" | "build" | "window"
> => ({
  shape: (input, args) => {
    const conv = convolve(input, args);
    const window = placed(input, conv);
    return "code" in window ? window : windowed(input, window, conv.channels);
  },
  traces: (input, args, causes, output) => {
    const { kernel, pad } = args;
    const trace = causes.of("kernel");
    const stride = kernel.stride === undefined ? fixed : (trace.stride ?? trace);
    const rest = computedFrom(trace, causes.of("dilation"), causes.of("pad"));
    const moving = { stride, rest, padsFollow: pad === undefined || typeof pad === "string" };
    return [
      channelsTrace(input.traces[0]!, args, causes),
      ...slidTraces(input, output, kernel.stride ?? [1, 1], moving),
    ];
  },
  parameters: (input, args) => parameters(input, convolve(input, args)),
  parameterTraces: (input, causes, [out = fixed]) => {
    const seen = channelsSeen(input.traces[0]!, causes);
    const window = causes.of("kernel");
    return {
      presence: computedFrom(causes.of("bias"), causes.of("norm")),
      dimensions: ({ shape }) => (shape.length === 1 ? [out] : [out, seen, window, window]),
    };
  },
  build: (b, x, args) => build(b, x, convolve(x.shape, args)),
  window: (input, args) => {
    const window = placed(input, convolve(input, args));
    return "code" in window ? undefined : window;
  },
});

function placed(input: Shape, conv: Convolution): Window | ShapeProblem {
  const problem =
    needsImage(conv.operator, input) ??
    groupsProblem(conv.groups, { input: channels(input), output: conv.channels });
  if (problem !== undefined) return problem;
  const { kernel, stride, dilation, pad: wanted } = conv;
  const window = { kernel, stride, dilation, ceil: false };
  const pads =
    wanted === undefined ? defaultPads(input, window) : resolvePads(input, window, wanted);
  return "code" in pads ? pads : { ...window, pads };
}

function attributes(input: Shape, conv: Convolution): ConvAttrs {
  const window = placed(input, conv);
  if ("code" in window) bug(`${conv.operator} was built with ${window.code}`);
  return {
    kernel: conv.kernel,
    stride: conv.stride,
    pads: window.pads,
    dilation: conv.dilation,
    groups: conv.groups,
    channels: conv.channels,
    bias: conv.bias ?? conv.norm === undefined,
    activation: "none",
    split: [conv.channels],
  };
}

/** The arguments that both take, of a convolution with neither norm nor activation. */
export function sharedWords(attrs: ConvAttrs, input: Shape): Words {
  const { kernel, stride, dilation, pads, bias } = attrs;
  return {
    kernel: saying.window(kernel, stride),
    pad: spellPads(input, { kernel, stride, dilation, ceil: false }, pads),
    bias: bias ? undefined : saying.bool(false),
    dilation: saying.sides(dilation),
  };
}

const parameters = (input: Shape, conv: Convolution): readonly ParameterSpec[] =>
  normedParameters(conv2d.weights([input], attributes(input, conv)), conv.channels, conv.norm);

/** Of a convolution, and of the norm behind it where there is one. */
export function normedParameters(
  weights: Readonly<Record<string, Shape>>,
  count: number,
  norm: BatchNormArgs | undefined,
): readonly ParameterSpec[] {
  if (norm === undefined) return mapParameters(weights);
  const normed = batchNormWeights(count, batchNormAttrs(norm));
  return [...mapParameters(weights, "conv."), ...normParameters(normed, "bn.")];
}

function build(b: Builder, x: BuildValue, conv: Convolution): BuildValue {
  const attrs = attributes(x.shape, conv);
  const weights = conv2d.weights([x.shape], attrs);
  return afterSums(b, (names) => b.node(conv2d, [x], attrs, names), weights, conv);
}

/**
 * A convolution, then its norm, then its activation.
 *
 * @param convolve makes the convolution, of weights by these names
 */
export function afterSums(
  b: Builder,
  convolve: (names: Readonly<Record<string, string>>) => BuildValue,
  weights: Readonly<Record<string, Shape>>,
  { norm, act: applied }: Pick<Convolution, "norm" | "act">,
): BuildValue {
  const convolved = convolve(suffixes(weights, norm === undefined ? "" : "conv."));
  const normed =
    norm === undefined ? convolved : buildBatchNorm(b, convolved, batchNormAttrs(norm), "bn.");
  return applyAct(b, normed, applied);
}
