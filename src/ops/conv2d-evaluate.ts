import { first, weight } from "./evaluate.js";
import type { Operand, Operands } from "./primitive.js";
import { channels, plane } from "./shape.js";
import type { Pads, Pair } from "./window.js";

/** What decides which taps are summed. */
export interface Taps {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly pads: Pads;
  readonly dilation: Pair;
  readonly groups: number;
  /** Of all outputs together. */
  readonly channels: number;
}

/** The sums of one image, bias included, [channels, rows, columns], before any activation. */
export function convolve(operands: Operands, attrs: Taps, [rows, columns]: Pair): Float64Array {
  const x = first(operands.inputs);
  const bias = operands.weights["bias"]?.data;
  const sums = new Float64Array(attrs.channels * rows * columns);
  let at = 0;
  for (let o = 0; o < attrs.channels; o++) {
    const tap = tapsOf(x, weight(operands, "weight"), attrs, o);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        sums[at++] = tap(row, column, bias?.[o] ?? 0);
      }
    }
  }
  return sums;
}

/** The sum under the window at a row and column, for output channel `o`. */
function tapsOf(
  { shape, data: x }: Operand,
  w: Float64Array,
  { kernel, stride, pads, dilation, groups, channels: count }: Taps,
  o: number,
): (row: number, column: number, start: number) => number {
  const depth = channels(shape) / groups;
  const from = Math.floor(o / (count / groups)) * depth;
  const [height, width] = plane(shape);
  return (row, column, sum) => {
    for (let i = 0; i < depth; i++) {
      for (let ky = 0; ky < kernel[0]; ky++) {
        const y = row * stride[0] - pads.top + ky * dilation[0];
        if (y < 0 || y >= height) continue;
        for (let kx = 0; kx < kernel[1]; kx++) {
          const xx = column * stride[1] - pads.left + kx * dilation[1];
          if (xx < 0 || xx >= width) continue;
          const tap = w[((o * depth + i) * kernel[0] + ky) * kernel[1] + kx]!;
          sum += tap * x[((from + i) * height + y) * width + xx]!;
        }
      }
    }
    return sum;
  };
}
