/** Where the windows of two convolutions lie, one after the other, on the image before both. */
import type { Taps } from "../ops/conv2d-evaluate.js";
import type { ConvAttrs } from "../ops/conv2d.js";
import { noPads, type Pads, type Pair, slide, span } from "../ops/window.js";

type Windows = Pick<Taps, "kernel" | "stride" | "pads" | "dilation">;

export interface ComposedWindows {
  /** Of both as one. */
  readonly window: Windows;
  /** How the first's taps lie on a kernel of both, one for each tap of the second. */
  readonly taps: Windows;
}

/**
 * Tap t of the second at place p sees what the first makes at p stride + t dilation - pad, and that
 * one's tap u the pixel at the first's stride times that, and so on: together p S + t D + u d - P, a
 * window of stride S = stride * stride' whose taps are the sums t D + u d.
 *
 * @returns why no window is what both compute at the border, as the rest of a sentence
 */
export function composedWindows(
  second: ConvAttrs,
  first: ConvAttrs,
  image: Pair,
): ComposedWindows | string {
  const between = slide([1, ...image], { ...first, ceil: false });
  const rows = axisOf(second, first, 0);
  const columns = axisOf(second, first, 1);
  const why = atBorder(rows, between[0], image[0]) ?? atBorder(columns, between[1], image[1]);
  if (why !== undefined) return why;
  const after = slide([1, ...between], { ...second, ceil: false });
  const sides = [rows, columns].map((axis, i) => together(axis, image[i]!, after[i]!));
  const [down, across] = sides as [Side, Side];
  const pads: Pads = {
    top: down.before,
    left: across.before,
    bottom: down.after,
    right: across.after,
  };
  return {
    window: { ...pairs(down.window, across.window), pads },
    taps: { ...pairs(down.taps, across.taps), pads: noPads },
  };
}

/** Of a window, along one axis. */
interface Axis {
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
  readonly after: number;
}

interface Both {
  readonly second: Axis;
  readonly first: Axis;
}

const axisOf = (second: Windows, first: Windows, axis: 0 | 1): Both => {
  const of = ({ kernel, stride, dilation, pads }: Windows): Axis => ({
    kernel: kernel[axis],
    stride: stride[axis],
    dilation: dilation[axis],
    before: axis === 0 ? pads.top : pads.left,
    after: axis === 0 ? pads.bottom : pads.right,
  });
  return { second: of(second), first: of(first) };
};

/** The zeros that the second reads have to be what the first makes there: of zeros alone. */
function atBorder({ second, first }: Both, between: number, image: number): string | undefined {
  const reachesBefore = span(first.kernel, first.dilation) > first.stride + first.before;
  const reachesAfter = between * first.stride - first.before < image;
  const exact = !(second.before > 0 && reachesBefore) && !(second.after > 0 && reachesAfter);
  return exact ? undefined : "the second pads with zeros, where the first's kernel reaches";
}

interface Side {
  readonly window: Omit<Axis, "before" | "after">;
  readonly taps: Omit<Axis, "before" | "after">;
  readonly before: number;
  readonly after: number;
}

function together({ second, first }: Both, image: number, after: number): Side {
  // Taps lie as far apart as both have it: what a single tap is said to be apart tells nothing.
  const apart = [
    ...(second.kernel > 1 ? [second.dilation * first.stride] : []),
    ...(first.kernel > 1 ? [first.dilation] : []),
  ];
  const dilation = apart.reduce(greatestDivisor, 0) || 1;
  const stride = second.kernel > 1 ? (second.dilation * first.stride) / dilation : 1;
  const spread = first.kernel > 1 ? first.dilation / dilation : 1;
  const kernel = (second.kernel - 1) * stride + (first.kernel - 1) * spread + 1;
  const whole = second.stride * first.stride;
  const before = second.before * first.stride + first.before;
  return {
    window: { kernel, stride: whole, dilation },
    taps: { kernel: first.kernel, stride, dilation: spread },
    before,
    // Just what the last window reaches.
    after: Math.max(0, (after - 1) * whole + span(kernel, dilation) - before - image),
  };
}

const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b));

const pairs = (rows: Side["window"], columns: Side["window"]) => ({
  kernel: [rows.kernel, columns.kernel] as const,
  stride: [rows.stride, columns.stride] as const,
  dilation: [rows.dilation, columns.dilation] as const,
});
