/** Numbers as a person reads them while training. */

/** `12 s`, `2:05`, `1:02:10`. */
export function duration(seconds: number): string {
  const all = Math.max(0, Math.round(seconds));
  if (all < 60) return `${all} s`;
  return clock(all);
}

/** `0:12`, `2:05`, `1:02:10`. */
export function clock(seconds: number): string {
  const all = Math.max(0, Math.round(seconds));
  const two = (n: number): string => String(n).padStart(2, "0");
  const [hours, minutes] = [Math.floor(all / 3600), Math.floor(all / 60) % 60];
  return hours === 0 ? `${minutes}:${two(all % 60)}` : `${hours}:${two(minutes)}:${two(all % 60)}`;
}

/** Four digits: `2.303`, `0.04121`, `1.2e-7`. */
export const figure = (value: number, digits = 4): string =>
  Math.abs(value) >= 1e-3 && Math.abs(value) < 10 ** digits
    ? value.toPrecision(digits)
    : shortest(value, digits - 1);

/** `0.1`, `0.0498`, `1.23e-7`. */
export function shortest(value: number, digits = 3): string {
  const rounded = Number(value.toPrecision(digits));
  const isSmall = rounded !== 0 && Math.abs(rounded) < 1e-4;
  return isSmall ? rounded.toExponential() : String(rounded);
}

/** `45.2 %` */
export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
