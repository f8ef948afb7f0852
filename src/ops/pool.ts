import { bug } from "../diagnostics/bug.js";
import { bool, pad, pair, window, type PadArg, type WindowArg } from "./kinds.js";
import type { Operator, ShapeProblem } from "./operator.js";
import { resolvePads } from "./padding.js";
import { avgPool, maxPool } from "./pool2d.js";
import { type PoolAttrs, wholeImage } from "./pool-attrs.js";
import type { Primitive } from "./primitive.js";
import { needsImage, windowed } from "./rules.js";
import { channels, plane, sameShape, type Shape } from "./shape.js";
import { named, noArguments, positional, signature, type Signature } from "./signature.js";
import { isUnpadded, spellPads } from "./spell-pads.js";
import { saying, spelling, type Words } from "./spelling.js";
import { computedFrom, fixed, slidTraces, type Trace } from "./trace.js";
import { formatPair, slide, span, type Pair, type Window } from "./window.js";

interface PoolArgs {
  readonly kernel: WindowArg;
  readonly pad: PadArg;
  readonly ceil: boolean;
  readonly count_pad?: boolean;
  readonly dilation?: Pair;
}

const poolArguments = {
  kernel: positional(window, "Window and stride; the stride is the window's size unless written."),
  pad: named(pad, [0, 0], "Padding around the image.", "0"),
  ceil: named(bool, false, "Rounds the output's size up, as Caffe does."),
};

const operator = <A extends PoolArgs>(
  pool: Primitive<PoolAttrs>,
  linearity: "nonlinear" | "transparent",
  args: Signature<A>,
  doc: string,
): Operator<A> => ({
  name: pool.name,
  doc,
  signature: args,
  spelling: spelling(
    pool,
    (attrs, input) => words(attrs, input, args),
    (kernel) => kernel,
  ),
  linearity: () => linearity,
  shape: (input, given) => {
    const placement = placed(pool.name, input, given);
    return "code" in placement ? placement : windowed(input, placement, channels(input));
  },
  traces: (input, given, causes, output) => {
    const { stride = given.kernel.kernel } = given.kernel;
    const padsFollow = typeof given.pad === "string" && !given.ceil && !causes.of("ceil").varies;
    const spread = causes.of("dilation");
    const rest = computedFrom(causes.of("kernel"), causes.of("pad"), causes.of("ceil"), spread);
    const moving = { stride: strideTrace(given.kernel, causes.of("kernel")), rest, padsFollow };
    return [input.traces[0]!, ...slidTraces(input, output, stride, moving)];
  },
  parameters: () => [],
  build: (b, x, given) => {
    const { dilation, ...window } = known(placed(pool.name, x.shape, given));
    const countPad = given.pad !== "tf_same" && (given.count_pad ?? true);
    const spread = dilation.some((d) => d !== 1) ? { dilation } : {};
    return b.node(pool, [x], { ...window, countPad, ...spread });
  },
  window: (input, given) => {
    const placement = placed(pool.name, input, given);
    return "code" in placement ? undefined : placement;
  },
});

/** An average under `tf_same` counts the image alone, and elsewhere what it says. */
function words(attrs: PoolAttrs, input: Shape, args: Signature<unknown>): Words {
  const { kernel, stride, pads, ceil, countPad, dilation = [1, 1] } = attrs;
  const said = spellPads(input, { kernel, stride, dilation, ceil }, pads);
  const takes = (name: string): boolean => args.args.has(name);
  const isTensorflow = said.kind === "word" && said.word === "tf_same";
  const inPixels = isTensorflow && (ceil || (takes("count_pad") && countPad));
  const counts = isTensorflow && !inPixels ? undefined : saying.bool(countPad);
  return {
    kernel: saying.window(kernel, stride),
    pad: isUnpadded(pads) || inPixels ? saying.pixels(pads) : said,
    ceil: saying.bool(ceil),
    ...(takes("count_pad") && { count_pad: counts }),
    ...(takes("dilation") && { dilation: saying.sides(dilation) }),
  };
}

/** The stride is the window's size unless it is written. */
const strideTrace = ({ stride }: WindowArg, trace: Trace): Trace =>
  stride === undefined ? trace : (trace.stride ?? trace);

function placed(name: string, input: Shape, given: PoolArgs): Window | ShapeProblem {
  const { ceil, pad: wanted, dilation = [1, 1] } = given;
  const { kernel, stride = kernel } = given.kernel;
  const window = { kernel, stride, dilation, ceil };
  const problem = needsImage(name, input);
  if (problem !== undefined) return problem;
  if (wanted === "tf_same" && ceil) {
    return {
      code: "args/conflict",
      params: { a: "pad: tf_same", b: "ceil: true" },
      argument: "ceil",
    };
  }
  const pads = resolvePads(input, window, wanted);
  if ("code" in pads) return pads;
  return outside(input, { ...window, pads }) ?? { ...window, pads };
}

/** A window must not lie in the padding altogether: there is no largest of nothing. */
function outside(input: Shape, window: Window): ShapeProblem | undefined {
  const { top, bottom, left, right } = window.pads;
  const reach = window.kernel.map((taps, axis) => span(taps, window.dilation[axis]!));
  const within = Math.max(top, bottom) < reach[0]! && Math.max(left, right) < reach[1]!;
  const [[height, width], [rows, columns]] = [plane(input), slide(input, window)];
  const { stride, dilation } = window;
  const meets =
    within &&
    tapsMeet(height, rows, stride[0], dilation[0], top) &&
    tapsMeet(width, columns, stride[1], dilation[1], left);
  if (meets) return undefined;
  const even = top === bottom && left === right;
  const said = even ? `${top}x${left}` : `[${[top, bottom, left, right].join(", ")}]`;
  const spread = dilation.every((d) => d === 1) ? "" : ` (dilation ${formatPair(dilation)})`;
  const params = { pad: said, window: window.kernel.join("x") + spread };
  return { code: "shape/padding", params, argument: "pad" };
}

/**
 * Whether every window that begins in the padding before an image has a tap on it: the taps of one
 * that is smaller than the distance between them may lie on both of its sides.
 */
function tapsMeet(
  size: number,
  windows: number,
  stride: number,
  dilation: number,
  before: number,
): boolean {
  if (size >= dilation) return true;
  const starts = Math.min(windows, Math.ceil(before / stride));
  // What is left of the places by the distance comes again after so many of them, if not before.
  for (let i = 0; i < Math.min(starts, dilation); i++) {
    const place = i * stride - before;
    if (((place % dilation) + dilation) % dilation >= size) return false;
  }
  return true;
}

function known(window: Window | ShapeProblem): Window {
  if ("code" in window) bug(`a pool was built with ${window.code}`);
  return window;
}

export const maxPoolOperator = operator(
  maxPool,
  "nonlinear",
  signature({
    ...poolArguments,
    dilation: named(pair(1), [1, 1], "Distance between the taps of the window.", "1"),
  }),
  "The largest value under the window; padding counts as -inf.",
);

const isWhole = ({ dilation, ...attrs }: PoolAttrs, input: Shape): boolean => {
  const whole = wholeImage(input);
  const alike = (side: "kernel" | "stride"): boolean => sameShape(attrs[side], whole[side]);
  const isPlain = dilation === undefined && !attrs.ceil && isUnpadded(attrs.pads);
  return isPlain && alike("kernel") && alike("stride");
};

/** A window of the whole image. */
export const globalMaxPoolOperator: Operator<unknown> = {
  name: "globalmaxpool",
  doc: "The largest value of each channel: c x 1x1.",
  signature: noArguments,
  spelling: spelling(maxPool, (attrs, input) => (isWhole(attrs, input) ? {} : undefined)),
  linearity: () => "nonlinear",
  shape: (input) => needsImage("globalmaxpool", input) ?? [channels(input), 1, 1],
  traces: ({ traces }) => [traces[0]!, fixed, fixed],
  parameters: () => [],
  build: (b, x) => b.node(maxPool, [x], wholeImage(x.shape)),
};

export const avgPoolOperator = operator(
  avgPool,
  "transparent",
  signature({
    ...poolArguments,
    count_pad: named(bool, true, "Whether padding counts; never under `tf_same`."),
  }),
  "The average under the window; the overhang of `ceil` never counts.",
);
