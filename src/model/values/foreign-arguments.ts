/** Arguments of other frameworks, and what says the same here. */
import type { Arg, Expr } from "../../syntax/ast.js";
import { oneLine } from "../mend/rewrite.js";

/** A call as far as its arguments tell. */
interface Written {
  readonly callee: string;
  readonly byPosition: readonly string[];
  readonly args: readonly Arg[];
}

type Saying = (value: Expr, call: Written) => string;

const inferred: Saying = () => "leave it out: input channels are inferred";
const channelsFirst: Saying = (value, { callee, byPosition, args }) =>
  byPosition.includes("channels")
    ? `the channels are written second, without a name: ${callee}(${kernelOf(args)}, ${oneLine(value.span)})`
    : `leave it out: ${callee} gives as many channels as enter`;
const kernelFirst: Saying = (value, { callee }) =>
  `the kernel is written first, without a name: ${callee}(${sized(value)}${callee === "conv" ? ", …" : ""})`;

/** Of operators that slide a window. */
const ofWindows: Readonly<Record<string, Saying>> = {
  stride: (value, { args }) =>
    `a stride is written with the kernel: ${kernelOf(args)}/${divisor(value)}`,
  in: inferred,
  in_channels: inferred,
  kernel_size: kernelFirst,
  ksize: kernelFirst,
  pool_size: kernelFirst,
  out: channelsFirst,
  out_channels: channelsFirst,
  filters: channelsFirst,
  num_output: channelsFirst,
};

const inOne = (value: Expr, turn: (n: number) => number): string | undefined =>
  value.kind === "float" || value.kind === "int"
    ? `${Number(turn(value.value).toFixed(6))}`
    : undefined;

const dropped = (value: Expr): string =>
  `p is the share that is dropped: write dropout(${inOne(value, (p) => p) ?? oneLine(value.span)})`;
const kept = (value: Expr): string =>
  `p is the share that is dropped, not the one that is kept: write dropout(${inOne(value, (p) => 1 - p) ?? `1 - ${oneLine(value.span)}`})`;
const ofDropout: Readonly<Record<string, Saying>> = {
  keep: kept,
  keep_prob: kept,
  rate: dropped,
  ratio: dropped,
  dropout_ratio: dropped,
};

const sizeFirst: Saying = (value) =>
  `the size is written first, without a name: lrn(${oneLine(value.span)})`;
const ofLrn: Readonly<Record<string, Saying>> = {
  bias: (value) => `it is called k here: k: ${oneLine(value.span)}`,
  local_size: sizeFirst,
  n: sizeFirst,
  depth_radius: (value) =>
    `the size counts both sides and the middle: lrn(${inOne(value, (r) => 2 * r + 1) ?? `2 * ${oneLine(value.span)} + 1`}); alpha is divided by it`,
};

const featuresFirst: Saying = (value) =>
  `the features are written first, without a name: linear(${oneLine(value.span)})`;
const ofLinear: Readonly<Record<string, Saying>> = {
  in_features: () => "leave it out: input features are inferred",
  out_features: featuresFirst,
  units: featuresFirst,
  num_output: featuresFirst,
};

const factorFirst: Saying = (value) =>
  `the factor is written first, without a name: upsample(${divisor(value)})`;
const modeSecond: Saying = (value) =>
  `the mode is written second, without a name: upsample(2, ${oneLine(value.span)})`;
const middles: Saying = (value) =>
  oneLine(value.span) === "true"
    ? "pixels are known in their middles, as with align_corners=False; nothing here keeps the corners in place"
    : "leave it out: pixels are known in their middles, as with align_corners=False";
const ofUpsample: Readonly<Record<string, Saying>> = {
  scale_factor: factorFirst,
  scale: factorFirst,
  scales: factorFirst,
  size: () => "what is written first is a factor, not a size: upsample(2)",
  interpolation: modeSecond,
  method: modeSecond,
  align_corners: middles,
};

/** What to write for an argument that the callee does not have; undefined where nobody has it so. */
export function foreignHelp({ name, value }: Arg, call: Written): string | undefined {
  const table = tableOf(call);
  const key = name?.text.replace(/^strides$/, "stride") ?? "";
  return table !== undefined && Object.hasOwn(table, key) ? table[key]!(value, call) : undefined;
}

function tableOf({ callee, byPosition }: Written): Readonly<Record<string, Saying>> | undefined {
  if (byPosition[0] === "kernel") return ofWindows;
  return { dropout: ofDropout, lrn: ofLrn, linear: ofLinear, upsample: ofUpsample }[callee];
}

/** What to write where a third number follows: a stride, or the kernel of `conv(in, out, kernel)`. */
export function foreignThird(arg: Arg, { callee, byPosition, args }: Written): string | undefined {
  if (byPosition[0] !== "kernel") return undefined;
  const [first, second] = args;
  const { value } = arg;
  if (first?.value.kind === "int" && second !== undefined && byPosition.includes("channels")) {
    return `write ${callee}(${sized(value)}, ${oneLine(second.span)}): the kernel, then the channels that it gives`;
  }
  return `a stride is written with the kernel: ${kernelOf(args)}/${divisor(value)}`;
}

/** The kernel as written, without a stride; an example where there is none. */
function kernelOf([first]: readonly Arg[]): string {
  if (first === undefined || first.name !== undefined) return "3x3";
  const { value } = first;
  const size = value.kind === "binary" && value.op === "/" ? value.left : value;
  return size.kind === "size" || size.kind === "name" ? oneLine(size.span) : "3x3";
}

/** `2`, `2x1`: of one number, or of a list of two. */
function divisor(value: Expr): string {
  const [a, b] = value.kind === "list" ? value.items.map(({ span }) => oneLine(span)) : [];
  if (a === undefined || b === undefined) return value.kind === "list" ? "2" : oneLine(value.span);
  return a === b ? a : `${a}x${b}`;
}

/** `3x3` for 3 and for [3, 3]. */
function sized(value: Expr): string {
  const [a, b] = value.kind === "list" ? value.items.map(({ span }) => oneLine(span)) : [];
  if (a !== undefined && b !== undefined) return `${a}x${b}`;
  return value.kind === "int" ? `${value.value}x${value.value}` : oneLine(value.span);
}
