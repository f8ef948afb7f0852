import { bug } from "../diagnostics/bug.js";
import { bool, pad, window, type PadArg, type WindowArg } from "./kinds.js";
import type { Operator, ShapeProblem } from "./operator.js";
import { resolvePads } from "./padding.js";
import { avgPool, maxPool } from "./pool2d.js";
import { type PoolAttrs, wholeImage } from "./pool-attrs.js";
import type { Primitive } from "./primitive.js";
import { needsImage, windowed } from "./rules.js";
import { channels, type Shape } from "./shape.js";
import { named, noArguments, positional, signature, type Signature } from "./signature.js";
import { computedFrom, fixed, slidTraces, type Trace } from "./trace.js";
import type { Pads, Pair, Window } from "./window.js";

interface PoolArgs {
  readonly kernel: WindowArg;
  readonly pad: PadArg;
  readonly ceil: boolean;
  readonly count_pad?: boolean;
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
  linearity: () => linearity,
  shape: (input, given) => {
    const placement = placed(pool.name, input, given);
    return "code" in placement ? placement : windowed(input, placement, channels(input));
  },
  traces: (input, given, causes, output) => {
    const { stride = given.kernel.kernel } = given.kernel;
    const padsFollow = typeof given.pad === "string" && !given.ceil && !causes.of("ceil").varies;
    const rest = computedFrom(causes.of("kernel"), causes.of("pad"), causes.of("ceil"));
    const moving = { stride: strideTrace(given.kernel, causes.of("kernel")), rest, padsFollow };
    return [input.traces[0]!, ...slidTraces(input, output, stride, moving)];
  },
  parameters: () => [],
  build: (b, x, given) => {
    const { kernel, stride, pads, ceil } = known(placed(pool.name, x.shape, given));
    const countPad = given.pad !== "tf_same" && (given.count_pad ?? true);
    return b.node(pool, [x], { kernel, stride, pads, ceil, countPad });
  },
  window: (input, given) => {
    const placement = placed(pool.name, input, given);
    return "code" in placement ? undefined : placement;
  },
});

/** The stride is the window's size unless it is written. */
const strideTrace = ({ stride }: WindowArg, trace: Trace): Trace =>
  stride === undefined ? trace : (trace.stride ?? trace);

function placed(name: string, input: Shape, given: PoolArgs): Window | ShapeProblem {
  const { ceil, pad: wanted } = given;
  const { kernel, stride = kernel } = given.kernel;
  const window = { kernel, stride, dilation: [1, 1] as const, ceil };
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
  return outside(kernel, pads) ?? { ...window, pads };
}

/** A window must not lie in the padding altogether: there is no largest of nothing. */
function outside(kernel: Pair, pads: Pads): ShapeProblem | undefined {
  const { top, bottom, left, right } = pads;
  if (Math.max(top, bottom) < kernel[0] && Math.max(left, right) < kernel[1]) return undefined;
  const even = top === bottom && left === right;
  const said = even ? `${top}x${left}` : `[${[top, bottom, left, right].join(", ")}]`;
  const params = { pad: said, window: kernel.join("x") };
  return { code: "shape/padding", params, argument: "pad" };
}

function known(window: Window | ShapeProblem): Window {
  if ("code" in window) bug(`a pool was built with ${window.code}`);
  return window;
}

export const maxPoolOperator = operator(
  maxPool,
  "nonlinear",
  signature(poolArguments),
  "The largest value under the window; padding counts as -inf.",
);

/** A window of the whole image. */
export const globalMaxPoolOperator: Operator<unknown> = {
  name: "globalmaxpool",
  doc: "The largest value of each channel: c x 1x1.",
  signature: noArguments,
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
