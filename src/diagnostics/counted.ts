/**
 * A number with its noun, the same in every locale: `1 label`, `2 labels`, `1,200 tensors`.
 *
 * @param many the plural where it is not the noun with an s
 */
export const counted = (n: number, one: string, many = `${one}s`): string =>
  `${n.toLocaleString("en-US")} ${n === 1 ? one : many}`;

/** `120.4 M`; below 100,000 every digit. */
export const millions = (n: number): string =>
  n >= 1e5
    ? `${(n / 1e6).toLocaleString("en-US", { minimumFractionDigits: 1, maximumFractionDigits: 1 })} M`
    : n.toLocaleString("en-US");
