/** What sliding windows share: convolutions and pools place them by the same rules. */
import { plane, type Shape } from "./shape.js";

export type Pair = readonly [height: number, width: number];

/** Rows and columns added around an image, in pixels. */
export interface Pads {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

export interface Window {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly pads: Pads;
  readonly dilation: Pair;
  readonly ceil: boolean;
}

export const noPads: Pads = { top: 0, left: 0, bottom: 0, right: 0 };

/** Height and width that a window leaves of an image; zero or less where it does not fit. */
export function slide(input: Shape, window: Window): Pair {
  const [height, width] = plane(input);
  const { kernel, stride, pads, dilation, ceil } = window;
  return [
    positions(height, span(kernel[0], dilation[0]), stride[0], pads.top, pads.bottom, ceil),
    positions(width, span(kernel[1], dilation[1]), stride[1], pads.left, pads.right, ceil),
  ];
}

/** Pixels from the first to the last tap of a dilated kernel, both counted. */
export const span = (kernel: number, dilation: number): number => dilation * (kernel - 1) + 1;

/**
 * Caffe's and PyTorch's rule: ceil mode rounds up, but a last window that would start in the
 * padding after the image is dropped.
 */
function positions(
  size: number,
  kernel: number,
  stride: number,
  before: number,
  after: number,
  ceil: boolean,
): number {
  const room = size + before + after - kernel;
  if (room < 0) return 0;
  if (!ceil) return Math.floor(room / stride) + 1;
  const rounded = Math.ceil(room / stride) + 1;
  return (rounded - 1) * stride >= size + before ? rounded - 1 : rounded;
}

/** `3x3/2`, `1x7`, `3x3/2x1`. */
export function formatWindow(kernel: Pair, stride: Pair): string {
  const apart = formatPair(stride);
  return kernel.join("x") + (apart === "1" ? "" : `/${apart}`);
}

/** `2` for equal sides, else `2x1`. */
export const formatPair = ([height, width]: Pair): string =>
  height === width ? `${height}` : `${height}x${width}`;

/** `pad 1`, `pad 0x3`, or `pad 0,0,1,1` (top, left, bottom, right); empty without padding. */
export function formatPads({ top, left, bottom, right }: Pads): string {
  if (top !== bottom || left !== right) return `pad ${top},${left},${bottom},${right}`;
  return top === 0 && left === 0 ? "" : `pad ${formatPair([top, left])}`;
}

/** Joins the parts that are not empty. */
export const words = (...parts: readonly string[]): string =>
  parts.filter((part) => part !== "").join(" ");
