/**
 * The error function 2 / sqrt(pi) * integral of exp(-t^2) from 0 to x, to f64's precision: its Taylor
 * series near 0 (Abramowitz & Stegun 7.1.6) and the continued fraction of its complement further out
 * (7.1.14).
 */
export function erf(x: number): number {
  if (Number.isNaN(x)) return x;
  const far = Math.abs(x);
  const value = far < 2.5 ? series(far) : 1 - complement(far);
  return x < 0 ? -value : value;
}

function series(x: number): number {
  let [term, sum] = [x, x];
  for (let n = 1; term > sum * 1e-18; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

function complement(x: number): number {
  if (x > 6) return 0;
  let rest = x;
  for (let n = 60; n > 0; n--) rest = x + n / 2 / rest;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * rest);
}
