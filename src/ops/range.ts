/** What is known of the numbers of a value without running anything. */

/** Bounds of every element of a value, and what its channels sum to at every pixel, if always that. */
export interface Range {
  readonly low: number;
  readonly high: number;
  readonly sum?: number;
}

export const anything: Range = { low: -Infinity, high: Infinity };

/** What becomes of anything at all. */
export const unknownRange = (): Range => anything;

export const firstRange = ([x = anything]: readonly Range[]): Range => x;

export const withSum = (low: number, high: number, sum: number | undefined): Range =>
  sum === undefined || !Number.isFinite(sum) ? { low, high } : { low, high, sum };

/** 0 times an unknown number is 0. */
export const product = (factor: number, bound: number): number =>
  factor === 0 || bound === 0 ? 0 : factor * bound;

/** From the lowest bound to the highest. */
export const around = (ends: readonly number[]): Range => ({
  low: Math.min(...ends),
  high: Math.max(...ends),
});

/** x * scale + shift, each one number or one a channel, of so many channels. */
export function scaledRange(
  x: Range,
  factors: readonly number[],
  shifts: readonly number[],
  count: number,
): Range {
  const each = Array.from({ length: Math.max(factors.length, shifts.length) }, (_, c) => {
    const [factor, shift] = [at(factors, c), at(shifts, c)];
    return around([product(factor, x.low) + shift, product(factor, x.high) + shift]);
  });
  const [factor = 1] = factors;
  const even = factors.every((other) => other === factor);
  const shift = shifts.length === 1 ? at(shifts, 0) * count : shifts.reduce((a, b) => a + b, 0);
  const { low, high } = around(each.flatMap((range) => [range.low, range.high]));
  return withSum(low, high, even && x.sum !== undefined ? factor * x.sum + shift : undefined);
}

const at = (values: readonly number[], c: number): number =>
  values[values.length === 1 ? 0 : c] ?? 0;

/** What the sums of all of them come to, where all have one. */
export const sumOf = (ranges: readonly Range[]): number | undefined =>
  ranges.reduce<number | undefined>(
    (all, { sum }) => (all === undefined || sum === undefined ? undefined : all + sum),
    0,
  );
