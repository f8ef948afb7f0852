/** Which arguments of one step might have been meant otherwise. */
import type { WindowArg } from "../../ops/kinds.js";
import { formatValue, type ArgValue } from "../../ops/value.js";
import { formatPair, span, type Pair, type Window } from "../../ops/window.js";
import type { Expr } from "../../syntax/ast.js";
import type { Applied } from "../flow/flowing.js";
import { writtenArgument, type Texts } from "./rewrite.js";

/** The step with another argument, or with a stride and the padding that goes with it. */
export interface Candidate {
  readonly args: unknown;
  readonly texts: Texts;
  /** How far from what is written: padding and rounding; a stride; another kernel. */
  readonly effort: 0 | 1 | 2;
}

type Values = Readonly<Record<string, ArgValue>>;

const largestStride = 4;
const usualKernels = [1, 3, 5, 7, 11];

/** Other placements of the step's window: nearer ones first. Empty for a step without one. */
export function windowCandidates(step: Applied): readonly Candidate[] {
  const { operator, args, input } = step;
  const window = input.shape === undefined ? undefined : operator.window?.(input.shape, args);
  if (window === undefined) return [];
  return [
    ...variants(step, { ceil: { kind: "bool", value: !window.ceil } }, 0),
    ...pads(window).flatMap((pad) => variants(step, { pad }, 0)),
    ...strides(step, window),
    ...kernels(step, window),
  ];
}

/** The name of the argument that says how many channels a step gives, where one does. */
export function channelsArgument({ operator, args }: Applied): string | undefined {
  // `expect` names channels too, and passes on what there is.
  if (operator.linearity(args) === "transparent") return undefined;
  return ["channels", "features"].find((name) => operator.signature.args.has(name));
}

/** The step with so many channels; as a number only where one is written, which nothing else shares. */
export function channelCandidates(
  step: Applied,
  { count, text }: { readonly count: number; readonly text?: string },
): readonly Candidate[] {
  const name = channelsArgument(step) ?? "";
  const written = writtenArgument(step.call, step.operator, name)?.value;
  if (written === undefined || (text === undefined && written.kind !== "int")) return [];
  return variants(step, { [name]: { kind: "number", value: count } }, 0).map((each) =>
    text === undefined ? each : { ...each, texts: { [name]: text } },
  );
}

/** `same` and none before numbers of pixels, which go as far as half the window. */
function pads({ kernel, dilation }: Pick<Window, "kernel" | "dilation">): readonly ArgValue[] {
  const side = span(kernel[0], dilation[0]);
  const square = kernel[0] === kernel[1] && dilation[0] === dilation[1];
  const pixels = square ? Array.from({ length: Math.min(side >> 1, 8) }, (_, i) => i + 1) : [];
  return [
    ...["same", "tf_same"].map((word) => ({ kind: "word", word }) as const),
    ...[0, ...pixels].map((value) => ({ kind: "number", value }) as const),
  ];
}

/** Another stride with the padding as it is, else with one that it needs. */
function strides(step: Applied, { kernel, stride, dilation }: Window): readonly Candidate[] {
  const effort = kernel.every((side) => side === 1) ? 2 : 1;
  const paddings = pads({ kernel, dilation }).slice(0, 3);
  return Array.from({ length: largestStride }, (_, i) => i + 1)
    .filter((side) => stride.some((each) => each !== side))
    .flatMap((side) => {
      const value = { kind: "window", kernel, stride: [side, side] } as const;
      return [
        ...variants(step, { kernel: value }, effort),
        ...paddings.flatMap((pad) => variants(step, { kernel: value, pad }, effort)),
      ];
    });
}

function kernels(step: Applied, { kernel, stride }: Window): readonly Candidate[] {
  return usualKernels
    .filter((side) => kernel.some((each) => each !== side))
    .flatMap((side) => {
      const value = { kind: "window", kernel: [side, side], stride } as const;
      return variants(step, { kernel: value }, 2);
    });
}

/** The one candidate with these values, or none where an argument cannot have one. */
function variants(
  step: Applied,
  values: Values,
  effort: Candidate["effort"],
): readonly Candidate[] {
  const { operator, args } = step;
  const texts: Record<string, string> = {};
  const changed: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    const argument = operator.signature.args.get(name);
    const reading = argument?.kind.read(value);
    if (reading === undefined || !reading.ok) return [];
    const text = value.kind === "window" ? windowText(step, value) : formatValue(value);
    if (text === undefined) return [];
    texts[name] = text;
    changed[name] = reading.value;
  }
  return [{ args: { ...(args as object), ...changed }, texts, effort }];
}

/** As one would write the window there, a parameter staying what it is; else undefined. */
function windowText(
  { operator, args, call, input }: Applied,
  { kernel, stride }: { readonly kernel: Pair; readonly stride: Pair },
): string | undefined {
  const written = writtenArgument(call, operator, "kernel")?.value;
  const size = written === undefined ? undefined : kernelText(written, kernel, args as Windowed);
  if (size === undefined || input.shape === undefined) return undefined;
  const unsaid = operator.window?.(input.shape, { ...(args as Windowed), kernel: { kernel } });
  return unsaid !== undefined && formatPair(unsaid.stride) === formatPair(stride)
    ? size
    : `${size}/${formatPair(stride)}`;
}

/** Every operator with a window calls it so. */
interface Windowed {
  readonly kernel: WindowArg;
}

function kernelText(written: Expr, kernel: Pair, args: Windowed): string | undefined {
  const divided = written.kind === "binary" && written.op === "/";
  const size = divided ? written.left : written;
  if (size.kind === "size") return kernel.join("x");
  // What a name stands for is written elsewhere, and may have a stride already.
  const kept = kernel.join("x") === args.kernel.kernel.join("x");
  const sizeOnly = divided || args.kernel.stride === undefined;
  return size.kind === "name" && kept && sizeOnly ? size.name : undefined;
}
