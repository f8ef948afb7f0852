import { elements, type Shape } from "../../../ops/shape.js";
import { type Element, isNumber } from "./element.js";

/** How elements in C order are walked: where the first is, and how far to the next along each dimension. */
export interface Strided {
  readonly shape: Shape;
  readonly start: number;
  readonly strides: readonly number[];
}

/** In C order. */
export const denseStrides = (shape: Shape): readonly number[] =>
  shape.map((_, i) => elements(shape.slice(i + 1)));

export const dense = (shape: Shape): Strided => ({ shape, start: 0, strides: denseStrides(shape) });

/** More numbers than a shape or a list of axes has: those of weights, which are f32. */
const mostListed = 1 << 16;

const areNumbers = (values: ArrayLike<Element>): boolean => Array.from(values).every(isNumber);

function emptyLike(
  values: ArrayLike<Element>,
  count: number,
): Element[] | Float32Array | Float64Array {
  if (values instanceof Float64Array) return new Float64Array(count);
  const isFloat = values instanceof Float32Array || (count > mostListed && areNumbers(values));
  return isFloat ? new Float32Array(count) : new Array<Element>(count);
}

/** The elements in the order of the walk; floats stay floats. */
export function walked(
  values: ArrayLike<Element>,
  { shape, start, strides }: Strided,
): ArrayLike<Element> {
  const count = elements(shape);
  const result = emptyLike(values, count);
  const place = shape.map(() => 0);
  let from = start;
  for (let i = 0; i < count; i++) {
    result[i] = values[from]!;
    for (let d = shape.length - 1; d >= 0; d--) {
      place[d]!++;
      from += strides[d]!;
      if (place[d]! < shape[d]!) break;
      from -= place[d]! * strides[d]!;
      place[d] = 0;
    }
  }
  return result;
}

/** As ONNX spreads one shape over another, from the last dimension on; undefined where it does not fit. */
export function spread(from: Strided, shape: Shape): Strided | undefined {
  const missing = shape.length - from.shape.length;
  if (missing < 0) return undefined;
  const strides: number[] = [];
  for (const [i, side] of shape.entries()) {
    const own = i < missing ? 1 : from.shape[i - missing]!;
    if (own !== 1 && own !== side) return undefined;
    strides.push(own === 1 ? 0 : from.strides[i - missing]!);
  }
  return { shape, start: from.start, strides };
}

/** The shape that two are spread to. */
export function together(a: Shape, b: Shape): Shape | undefined {
  const rank = Math.max(a.length, b.length);
  const shape = Array.from({ length: rank }, (_, i) => {
    const [x, y] = [a[i - rank + a.length] ?? 1, b[i - rank + b.length] ?? 1];
    return x === 1 ? y : y === 1 || x === y ? x : NaN;
  });
  return shape.some(Number.isNaN) ? undefined : shape;
}
