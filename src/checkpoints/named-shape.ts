import type { Shape } from "../ops/shape.js";

/** A parameter that a network expects, or a tensor that a checkpoint has. */
export interface NamedShape {
  readonly name: string;
  readonly shape: Shape;
}

/** `[64, 3, 7, 7]`; of a long list the first sizes. */
export function sizesText(sizes: readonly (number | bigint)[]): string {
  const most = 8;
  const shown = sizes.slice(0, most).map(String);
  return `[${[...shown, ...(sizes.length > most ? ["…"] : [])].join(", ")}]`;
}
