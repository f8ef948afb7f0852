/** What is kept of a tensor that is too large to keep; fixtures-torch/training/sketches.py writes it. */
import { mixed } from "../../src/runtime/weights/random.js";
import { relativeL2 } from "./compare.js";

export interface Sketch {
  readonly count: number;
  readonly norm: number;
  /** Relative L2 distance of PyTorch's f32 to its f64: of the whole tensor, and of the places of `at`. */
  readonly distance: number;
  readonly atDistance: number;
  /** The numbers at `positions`. */
  readonly at: Float64Array;
  /** Sums of all numbers, with signs that are as good as drawn. */
  readonly sketch: Float64Array;
}

export type StoredSketch = Omit<Sketch, "at" | "sketch"> & {
  readonly at: string;
  readonly sketch: string;
};

export const decodedSketch = ({ at, sketch, ...rest }: StoredSketch): Sketch => ({
  ...rest,
  at: numbersIn(at),
  sketch: numbersIn(sketch),
});

/**
 * Compares sixteen numbers one by one, and by sketches all of them: two tensors d apart have sketches
 * whose mean square is about |d|^2, wherever they differ.
 */
export function judgeSketch(
  { count, at, norm, sketch, distance, atDistance }: Sketch,
  values: ArrayLike<number>,
  judge: (how: string, distance: number, own: number) => void,
): void {
  if (values.length !== count) return judge("count", Infinity, 0);
  const some = Float64Array.from(positions(count, at.length), (i) => values[i]!);
  judge("some", relativeL2(some, at), atDistance);
  const own = sketchOf(values, sketch.length);
  const square = own.reduce((sum, value, j) => sum + (value - sketch[j]!) ** 2, 0) / own.length;
  judge("all", Math.sqrt(square) / norm, distance);
}

/** All of a small tensor, else places drawn from it. */
const positions = (count: number, kept: number): readonly number[] =>
  Array.from({ length: kept }, (_, i) => (kept === count ? i : (mixed(count, i) >>> 0) % count));

/** Sums of all values with signs: in sketch j minus where bit j of `mixed(count, i)` is not set. */
function sketchOf(values: ArrayLike<number>, size: number): Float64Array {
  const sums = new Float64Array(size);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const bits = mixed(values.length, i);
    for (let j = 0; j < size; j++) sums[j]! += (bits >>> j) & 1 ? value : -value;
  }
  return sums;
}

/** Little-endian f64 in base64. */
function numbersIn(text: string): Float64Array {
  const bytes = Buffer.from(text, "base64");
  return Float64Array.from({ length: bytes.length / 8 }, (_, i) => bytes.readDoubleLE(i * 8));
}
