/** The numbers that ONNX's averages are multiplied by where they are no averages of ours. */
import type { PoolAttrs } from "./pool-attrs.js";
import type { Pair } from "./window.js";

/**
 * Elements under the whole kernel / elements that count, for each output pixel.
 *
 * @param image height and width of what comes in, and of what comes out
 */
export function corrections(
  { kernel, stride, pads }: PoolAttrs,
  image: Pair,
  result: Pair,
): Float32Array {
  const [[height, width], [rows, columns]] = [image, result];
  const up = countedAlong(rows, height, kernel[0], stride[0], pads.top, pads.bottom);
  const across = countedAlong(columns, width, kernel[1], stride[1], pads.left, pads.right);
  const whole = kernel[0] * kernel[1];
  return Float32Array.from(up.flatMap((y) => across.map((x) => whole / (y * x))));
}

/** How many positions under each window lie in the image or its padding, along one axis. */
function countedAlong(
  windows: number,
  size: number,
  kernel: number,
  stride: number,
  before: number,
  after: number,
): number[] {
  return Array.from({ length: windows }, (_, i) => {
    const start = i * stride - before;
    return Math.min(start + kernel, size + after) - start;
  });
}

/** Row i averages elements floor(i * size / count) to ceil((i + 1) * size / count) - 1. */
export function binsAlong(count: number, size: number): Float32Array {
  const matrix = new Float32Array(count * size);
  for (let i = 0; i < count; i++) {
    const start = Math.floor((i * size) / count);
    const end = Math.ceil(((i + 1) * size) / count);
    matrix.fill(1 / (end - start), i * size + start, i * size + end);
  }
  return matrix;
}
