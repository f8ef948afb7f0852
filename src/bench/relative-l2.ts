/**
 * |actual - expected| / |expected|, of all numbers together; infinite where there are not as many, or
 * where one alone is not finite.
 */
export function relativeL2(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let [apart, length] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    const [a, e] = [actual[i]!, expected[i]!];
    if (Number.isFinite(e)) length += e * e;
    if (Object.is(a, e)) continue;
    if (!Number.isFinite(a) || !Number.isFinite(e)) return Infinity;
    apart += (a - e) ** 2;
  }
  return apart === 0 ? 0 : Math.sqrt(apart / Math.max(length, Number.MIN_VALUE));
}
