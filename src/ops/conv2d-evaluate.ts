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

/**
 * The sums of one image, bias included, [channels, rows, columns], before any activation. Each sum
 * takes its products in the order of the weights; a row of sums takes one weight after the other, which
 * is many times as fast as one sum after the other.
 */
export function convolve(operands: Operands, attrs: Taps, output: Pair): Float64Array {
  const { shape, data: x } = first(operands.inputs);
  const [w, bias] = [weight(operands, "weight"), operands.weights["bias"]?.data];
  const [rows, columns] = output;
  const [height, width] = plane(shape);
  const { kernel, stride, pads, dilation, groups, channels: count } = attrs;
  const depth = channels(shape) / groups;
  const sums = new Float64Array(count * rows * columns);
  // A bias is one number a channel, or one a place.
  const each = sums.length / (bias?.length ?? 1);
  if (bias !== undefined) sums.forEach((_, i) => (sums[i] = bias[Math.floor(i / each)]!));
  for (let o = 0, tap = 0; o < count; o++) {
    const from = Math.floor(o / (count / groups)) * depth;
    for (let i = from; i < from + depth; i++) {
      for (let ky = 0; ky < kernel[0]; ky++) {
        for (let kx = 0; kx < kernel[1]; kx++, tap++) {
          const factor = w[tap]!;
          const left = kx * dilation[1] - pads.left;
          const begin = Math.max(0, Math.ceil(-left / stride[1]));
          const end = Math.min(columns, Math.ceil((width - left) / stride[1]));
          for (let row = 0; row < rows; row++) {
            const y = row * stride[0] - pads.top + ky * dilation[0];
            if (y < 0 || y >= height) continue;
            const [into, of] = [(o * rows + row) * columns, (i * height + y) * width + left];
            for (let column = begin; column < end; column++) {
              sums[into + column]! += factor * x[of + column * stride[1]]!;
            }
          }
        }
      }
    }
  }
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
