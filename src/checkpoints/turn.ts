import { allocate } from "../files/allocate.js";
import type { Shape } from "../ops/shape.js";

/**
 * The values of a tensor with its dimensions in another order, as NumPy's `transpose(order)`.
 *
 * @param order of each dimension of the result, which it was
 * @param what the tensor as messages name it
 * @throws InceptError `memory/exhausted`
 */
export function turned(
  values: Float32Array,
  shape: Shape,
  order: readonly number[],
  what: string,
): Float32Array {
  const strides = shape.map((_, i) => shape.slice(i + 1).reduce((a, b) => a * b, 1));
  const sizes = order.map((from) => shape[from]!);
  const steps = order.map((from) => strides[from]!);
  const result = allocate(Float32Array, values.length, what);
  const at = sizes.map(() => 0);
  let from = 0;
  for (let to = 0; to < result.length; to++) {
    result[to] = values[from]!;
    for (let d = at.length - 1; d >= 0; d--) {
      from += steps[d]!;
      if (++at[d]! < sizes[d]!) break;
      from -= steps[d]! * sizes[d]!;
      at[d] = 0;
    }
  }
  return result;
}

export const turnedShape = (shape: Shape, order: readonly number[]): Shape =>
  order.map((from) => shape[from]!);
