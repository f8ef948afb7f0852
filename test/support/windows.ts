/** Random sliding windows as spec text, with the plane that they leave by the language's rules. */
import type { Random } from "./random.js";

type Pair = readonly [height: number, width: number];

export interface RandomWindow {
  /** `3x3/2` */
  readonly kernel: string;
  /** The arguments after it: `, pad: 0x3, dilation: 2`. */
  readonly args: string;
  readonly taps: number;
  readonly plane: Pair;
}

const kernels: readonly Pair[] = [
  [1, 1],
  [1, 1],
  [3, 3],
  [3, 3],
  [5, 5],
  [1, 7],
  [7, 1],
  [2, 2],
  [3, 1],
  [2, 3],
];
const strides: readonly Pair[] = [
  [1, 1],
  [1, 1],
  [2, 2],
  [2, 1],
  [3, 3],
];
const dilations: readonly Pair[] = [
  [1, 1],
  [1, 1],
  [1, 1],
  [2, 2],
  [1, 2],
];

/** Any window of a convolution that fits, or a 1x1. */
export function convWindow(random: Random, input: Pair): RandomWindow {
  for (let attempt = 0; attempt < 10; attempt++) {
    const [kernel, stride] = [random.pick(kernels), random.pick(strides)];
    const dilation = random.pick(dilations);
    const reach = kernel.map((k, i) => dilation[i]! * (k - 1) + 1) as unknown as Pair;
    const padding = convPadding(random, kernel, stride, dilation);
    const plane = leaves(input, reach, stride, padding, false);
    if (Math.min(...plane) < 1) continue;
    const spread = dilation.every((d) => d === 1) ? "" : `, dilation: ${dilation.join("x")}`;
    const args = (padding === "default" ? "" : `, pad: ${written(padding)}`) + spread;
    return { kernel: text(kernel, stride), args, taps: kernel[0] * kernel[1], plane };
  }
  return { kernel: "1x1", args: "", taps: 1, plane: input };
}

/** A window that keeps height and width. */
export function sameWindow(random: Random, input: Pair): RandomWindow {
  const kernel = random.pick(kernels.filter((kernel) => kernel.every((k) => k % 2 === 1)));
  const dilation = random.chance(0.2) ? 2 : 1;
  const pad = random.pick(["", ", pad: same", ", pad: tf_same"]);
  const args = pad + (dilation === 1 ? "" : `, dilation: ${dilation}`);
  return { kernel: kernel.join("x"), args, taps: kernel[0] * kernel[1], plane: input };
}

/** Any window of a pool, with `ceil` and, for averages, `count_pad`; a 1x1 where nothing fits. */
export function poolWindow(random: Random, input: Pair, average: boolean): RandomWindow {
  for (let attempt = 0; attempt < 10; attempt++) {
    const [kernel, stride] = [random.pick(kernels), random.pick(strides)];
    const padding = poolPadding(random, kernel);
    const ceil = padding !== "tf_same" && random.chance(0.4);
    const spreads = !average && Math.min(...input) >= 2;
    const dilation: Pair = spreads ? dilations[(ceil ? 1 : 0) + (input[0] % 4)]! : [1, 1];
    const reach = kernel.map((k, i) => dilation[i]! * (k - 1) + 1) as unknown as Pair;
    const plane = leaves(input, reach, stride, padding, ceil);
    if (Math.min(...plane) < 1) continue;
    const args = [
      `, pad: ${written(padding)}`,
      ceil ? ", ceil: true" : "",
      average && random.chance(0.4) ? ", count_pad: false" : "",
      dilation.every((d) => d === 1) ? "" : `, dilation: ${dilation.join("x")}`,
    ];
    return { kernel: text(kernel, stride), args: args.join(""), taps: 1, plane };
  }
  return { kernel: "1x1/1", args: "", taps: 1, plane: input };
}

/** Pixels on each side, or a rule; `half` is `same`, which `default` means too. */
type Padding = "default" | "tf_same" | { readonly half: Pair } | { readonly pixels: Pair };

function convPadding(random: Random, kernel: Pair, stride: Pair, dilation: Pair): Padding {
  const odd = kernel.every((k) => k % 2 === 1);
  const half = kernel.map((k, i) => (dilation[i]! * (k - 1)) / 2) as unknown as Pair;
  const point = kernel.every((k) => k === 1);
  const choices: Padding[] = ["tf_same", { pixels: random.pick(pixels) }];
  if (odd) choices.push({ half });
  if (point || (odd && stride.every((s) => s === 1))) choices.push("default", "default");
  return random.pick(choices);
}

const pixels: readonly Pair[] = [
  [0, 0],
  [1, 1],
  [2, 2],
  [0, 3],
  [1, 0],
];

/** Less than the window, or some windows would see nothing but padding. */
function poolPadding(random: Random, kernel: Pair): Padding {
  const most = kernel.map((k) => Math.floor(k / 2));
  const fitting = pixels.filter((pad) => pad.every((p, i) => p <= most[i]!));
  const choices: Padding[] = ["tf_same", ...fitting.map((pair) => ({ pixels: pair }))];
  if (kernel.every((k) => k % 2 === 1)) choices.push({ half: most as unknown as Pair });
  return random.pick(choices);
}

function written(padding: Padding): string {
  if (typeof padding === "string") return padding;
  if ("half" in padding) return "same";
  const [vertical, horizontal] = padding.pixels;
  return vertical === horizontal ? `${vertical}` : `${vertical}x${horizontal}`;
}

const text = (kernel: Pair, stride: Pair): string =>
  `${kernel.join("x")}/${stride[0] === stride[1] ? stride[0] : stride.join("x")}`;

function leaves(input: Pair, reach: Pair, stride: Pair, padding: Padding, ceil: boolean): Pair {
  const side = (i: 0 | 1): number => {
    const [size, step] = [input[i], stride[i]];
    if (padding === "tf_same") return Math.ceil(size / step);
    const pad = padOf(padding, reach, i);
    const room = size + 2 * pad - reach[i];
    if (room < 0) return 0;
    const count = (ceil ? Math.ceil(room / step) : Math.floor(room / step)) + 1;
    return ceil && (count - 1) * step >= size + pad ? count - 1 : count;
  };
  return [side(0), side(1)];
}

function padOf(padding: Exclude<Padding, "tf_same">, reach: Pair, i: 0 | 1): number {
  if (padding === "default") return (reach[i] - 1) / 2;
  return "half" in padding ? padding.half[i] : padding.pixels[i];
}
