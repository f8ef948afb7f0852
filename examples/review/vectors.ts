/** `n` values from -1 to 1, evenly spaced: an input that anyone can make. */
export const ramp = (n: number): Float32Array =>
  Float32Array.from({ length: n }, (_, i) => -1 + (2 * i) / (n - 1));

/** |a - b| / |b| */
export function relativeL2(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.NaN;
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < a.length; i++) {
    const expected = b[i] ?? 0;
    difference += ((a[i] ?? 0) - expected) ** 2;
    norm += expected ** 2;
  }
  return Math.sqrt(difference / norm);
}
