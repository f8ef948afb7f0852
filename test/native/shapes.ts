/** Random odd shapes for the kernel tests, written as C++ descriptors. */
import { activationNames } from "../../src/ops/activations.js";

export type Random = (low: number, high: number) => number;

/** Whole numbers from `low` to `high`, both included; the same row for the same seed. */
export function random(seed: number): Random {
  let state = seed >>> 0 || 1;
  return (low, high) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return low + (state % (high - low + 1));
  };
}

export const pick = <T>(next: Random, from: readonly T[]): T => from[next(0, from.length - 1)]!;

const channelCounts = [1, 3, 16, 17, 33, 64];

interface Axis {
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
  readonly after: number;
}

const reach = (axis: Axis): number => axis.dilation * (axis.kernel - 1) + 1;

/** One axis of a window that fits: strides beyond the kernel, uneven pads, 1-pixel inputs. */
function axis(next: Random, maxSize: number, dilations: readonly number[]): Axis {
  const kernel = pick(next, [1, 1, 2, 3, 3, 4, 5, 6, 7]);
  const stride = next(1, 4);
  const dilation = pick(next, dilations);
  const before = next(0, kernel >> 1);
  const after = next(0, kernel >> 1);
  const least = Math.max(1, dilation * (kernel - 1) + 1 - before - after);
  return { size: next(least, Math.max(least, maxSize)), kernel, stride, dilation, before, after };
}

const floorOut = (a: Axis): number =>
  Math.floor((a.size + a.before + a.after - reach(a)) / a.stride) + 1;

/** PyTorch's rule: the last window must start on the image or the padding before it. */
function ceilOut(a: Axis): number {
  const out = Math.ceil((a.size + a.before + a.after - reach(a)) / a.stride) + 1;
  return (out - 1) * a.stride >= a.size + a.before ? out - 1 : out;
}

export const activations = [
  "",
  ...activationNames.map((name) => `.${name}()`),
  ".leakyrelu(0.25f)",
  ".elu(0.5f)",
];

/** What every other layer of its kind applies. */
const applied = (next: Random): string => (next(0, 1) ? pick(next, activations) : "");

export type ConvKind =
  | "dense"
  | "depthwise"
  | "grouped"
  | "odd groups"
  | "merged"
  | "phased"
  | "planar"
  | "pointwise"
  | "unstrided";

export const convKinds: readonly ConvKind[] = [
  "dense",
  "depthwise",
  "grouped",
  "odd groups",
  "merged",
  "phased",
  "planar",
  "pointwise",
  "unstrided",
];

/** Of one group: parts of a block, whole ones and more, that lie in it evenly or not. */
const groupChannels = [1, 2, 3, 4, 5, 7, 8, 12, 16, 24, 29];

const convChannels: Record<
  ConvKind,
  (next: Random) => { input: number; output: number; groups?: number; split?: readonly number[] }
> = {
  dense: (next) => ({ input: pick(next, channelCounts), output: pick(next, channelCounts) }),
  planar: (next) => ({ input: pick(next, [1, 3, 4, 20]), output: pick(next, channelCounts) }),
  phased: (next) => {
    const input = pick(next, [1, 3, 4]);
    if (next(0, 2)) return { input, output: pick(next, channelCounts) };
    const split = [next(1, 20), next(1, 33)];
    return { input, output: split[0]! + split[1]!, split };
  },
  unstrided: (next) => ({ input: pick(next, channelCounts), output: pick(next, channelCounts) }),
  pointwise: (next) => ({ input: pick(next, channelCounts), output: pick(next, [17, 64, 80]) }),
  depthwise: (next) => {
    const channels = pick(next, [3, 16, 17, 33]);
    return { input: channels, output: channels, groups: channels };
  },
  grouped: (next) => {
    const groups = next(2, 3);
    return { input: 16 * groups, output: 48 * groups, groups };
  },
  "odd groups": (next) => {
    const groups = next(2, 5);
    const [inputs, outputs] = [pick(next, groupChannels), pick(next, groupChannels)];
    return { input: groups * inputs, output: groups * outputs, groups };
  },
  merged: (next) => {
    const split = [next(1, 40), pick(next, [16, 17, 64]), next(1, 33)];
    return { input: pick(next, channelCounts), output: split[0]! + split[1]! + split[2]!, split };
  },
};

/** `Conv{}...` of a kind, without its name. */
export function conv(next: Random, kind: ConvKind): string {
  const one: Axis = { size: next(1, 19), kernel: 1, stride: 1, dilation: 1, before: 0, after: 0 };
  const steps = {
    ...(kind === "unstrided" && { stride: 1 }),
    ...((kind === "unstrided" || kind === "phased") && { dilation: 1 }),
  };
  const y = kind === "pointwise" ? one : { ...axis(next, 15, [1, 1, 2]), ...steps };
  const x =
    kind === "pointwise"
      ? { ...one, size: next(1, 23) }
      : { ...axis(next, 19, [1, 1, 3]), ...steps };
  const { input, output, groups, split } = convChannels[kind](next);
  return (
    `Conv{}.input(${input}, ${y.size}, ${x.size})` +
    `.output(${output}, ${floorOut(y)}, ${floorOut(x)})` +
    `.kernel(${y.kernel}, ${x.kernel}).stride(${y.stride}, ${x.stride})` +
    `.pad(${y.before}, ${x.before}, ${y.after}, ${x.after})` +
    `.dilation(${y.dilation}, ${x.dilation})` +
    (groups ? `.groups(${groups})` : "") +
    (split ? `.split(${split.join(", ")})` : "") +
    (kind === "planar" || kind === "phased" ? ".planar()" : "") +
    // One in three adds a value to its one output.
    (split === undefined && next(0, 2) === 0 ? ".adding()" : "") +
    // Where sums nearly cancel, curves make much of what Winograd's are off.
    (kind === "unstrided" || kind === "phased" ? "" : pick(next, activations))
  );
}

/** Every other one where its outputs begin inside of blocks that are others' too. */
export function beside(next: Random, layer: string): string {
  if (layer.includes(".adding()") || next(0, 1)) return layer;
  const [, split = "0"] = /\.split\(([^)]*)\)/.exec(layer) ?? [];
  const lanes = split.split(",").map(() => next(0, 15));
  return `${layer}.lanes(${lanes.join(", ")})`;
}

export function pool(next: Random): string {
  const y = axis(next, 13, [1]);
  const x = axis(next, 17, [1]);
  const out = next(0, 1) ? ceilOut : floorOut;
  return (
    `Pool{}.input(${pick(next, channelCounts)}, ${y.size}, ${x.size})` +
    `.output(${out(y)}, ${out(x)}).kernel(${y.kernel}, ${x.kernel})` +
    `.stride(${y.stride}, ${x.stride}).pad(${y.before}, ${x.before}, ${y.after}, ${x.after})` +
    `.count_pad(${next(0, 1) === 1})${applied(next)}`
  );
}

/** Last windows that hang over the image, over its padding, over both; windows on padding alone. */
export const poolCorners: readonly string[] = [true, false].flatMap((counted) =>
  [
    "Pool{}.input(17, 6, 8).output(3, 4).kernel(3, 3).stride(2, 2)",
    "Pool{}.input(17, 6, 8).output(3, 4).kernel(3, 3).stride(2, 2).relu6()",
    "Pool{}.input(17, 6, 7).output(3, 4).kernel(3, 3).stride(2, 2).pad(0, 1, 0, 1)",
    "Pool{}.input(3, 7, 6).output(4, 4).kernel(2, 3).stride(2, 2).pad(0, 1, 0, 1)",
    "Pool{}.input(3, 5, 5).output(3, 3).kernel(3, 3).stride(2, 2).pad(0, 0, 1, 1)",
    "Pool{}.input(3, 4, 4).output(2, 2).kernel(1, 1).stride(3, 3)",
    "Pool{}.input(16, 1, 1).output(1, 1).kernel(3, 3).stride(2, 2).pad(1, 1, 1, 1)",
  ].map((pool) => `${pool}.count_pad(${counted})`),
);

export function adaptivePool(next: Random): string {
  const [height, width] = [next(1, 13), next(1, 17)];
  const enlarged = [height * next(1, 3), width * next(1, 3)];
  const output = pick(next, [[1, 1], [pick(next, [1, 2, 5]), pick(next, [1, 3])], enlarged]);
  const input = [pick(next, channelCounts), height, width];
  return `AdaptivePool{}.input(${input.join(", ")}).output(${output.join(", ")})${applied(next)}`;
}

export function bilinear(next: Random): string {
  const input = `${pick(next, channelCounts)}, ${next(1, 7)}, ${next(1, 9)}`;
  return `Bilinear{}.input(${input}).factor(${pick(next, [1, 2, 3, 4])}, ${pick(next, [1, 2, 3, 5])})`;
}

const image = (next: Random): string =>
  `.image(${pick(next, channelCounts)}, ${next(1, 7)}, ${next(1, 9)})`;

/** An image or a vector: what elementwise descriptors take. */
export const extent = (next: Random): string =>
  next(0, 2) ? image(next) : `.vector(${pick(next, [1, 10, 33, 100])})`;

export const linear = (next: Random): string =>
  `Linear{}${pick(next, [extent(next), ".vector(5000)", ".image(33, 9, 8)"])}` +
  `.features(${pick(next, [1, 3, 10, 100, 257])})${pick(next, activations)}`;

export const lrn = (next: Random): string =>
  `Lrn{}${image(next)}.window(${pick(next, [1, 3, 5, 9])})` +
  `.alpha(${pick(next, ["1e-4f", "0.5f"])}).beta(${pick(next, ["0.75f", "0.6f"])})` +
  `.k(${pick(next, ["1", "2"])})`;

/** Two branches of one concatenation, the second at any channel. */
export function concat(next: Random): readonly [string, string] {
  const [a, b] = [pick(next, channelCounts), pick(next, channelCounts)];
  const plane = `${next(1, 6)}, ${next(1, 6)}`;
  const whole = a + b;
  if (next(0, 3) === 0)
    return [`Copy{}.vector(${a}).into(0, ${whole})`, `Copy{}.vector(${b}).into(${a}, ${whole})`];
  return [
    `Copy{}.image(${a}, ${plane}).into(0, ${whole})`,
    `Copy{}.image(${b}, ${plane}).into(${a}, ${whole})`,
  ];
}

export { image };
