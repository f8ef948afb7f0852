import { first, weight } from "./evaluate.js";
import type { Operands } from "./primitive.js";
import { channels, plane, type Shape } from "./shape.js";
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
export function convolve(operands: Operands, attrs: Taps, output: Pair): Float64Array {
  const { shape, data: x } = first(operands.inputs);
  const [w, bias] = [weight(operands, "weight"), operands.weights["bias"]?.data];
  const pixels = output[0] * output[1];
  const sums = new Float64Array(attrs.channels * pixels).map(
    (_, i) => bias?.[Math.floor(i / pixels)] ?? 0,
  );
  visitTaps(attrs, shape, output, (y, tap, at) => (sums[y]! += w[tap]! * x[at]!));
  return sums;
}

/**
 * Visits what is multiplied for one image, each by its place in the result, the weight and the
 * input: the products of one place of the result come one after the other.
 */
export function visitTaps(
  { kernel, stride, pads, dilation, groups, channels: count }: Taps,
  input: Shape,
  [rows, columns]: Pair,
  visit: (result: number, weight: number, input: number) => void,
): void {
  const depth = channels(input) / groups;
  const [height, width] = plane(input);
  for (let o = 0; o < count; o++) {
    const from = Math.floor(o / (count / groups)) * depth;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const result = (o * rows + row) * columns + column;
        for (let i = 0; i < depth; i++) {
          for (let ky = 0; ky < kernel[0]; ky++) {
            const y = row * stride[0] - pads.top + ky * dilation[0];
            if (y < 0 || y >= height) continue;
            for (let kx = 0; kx < kernel[1]; kx++) {
              const x = column * stride[1] - pads.left + kx * dilation[1];
              if (x < 0 || x >= width) continue;
              const tap = ((o * depth + i) * kernel[0] + ky) * kernel[1] + kx;
              visit(result, tap, ((from + i) * height + y) * width + x);
            }
          }
        }
      }
    }
  }
}
