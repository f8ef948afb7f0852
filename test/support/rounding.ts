/** Rounding to few bits by the definition of a floating-point format: to nearest, ties to even. */
const rounding =
  (mantissa: number, leastExponent: number, largest: number) =>
  (x: number): number => {
    if (x === 0 || !Number.isFinite(x)) return x;
    const exponent = Math.max(Math.floor(Math.log2(Math.abs(x))), leastExponent);
    const unit = 2 ** (exponent - mantissa);
    const rounded = toEven(x / unit) * unit;
    return Math.abs(rounded) > largest ? Math.sign(x) * Infinity : rounded;
  };

function toEven(x: number): number {
  const below = Math.floor(x);
  if (x - below !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}

/** IEEE 754 binary16, and the upper half of a binary32. */
export const roundings = {
  f16: rounding(10, -14, 65504),
  bf16: rounding(7, -126, 2 ** 127 * (2 - 2 ** -7)),
} as const;
