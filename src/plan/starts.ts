import type { Value } from "../graph/value.js";
import { channels } from "../ops/shape.js";

/** The channel at which each value begins where they lie side by side. */
export function startsOf(values: readonly Value[]): readonly number[] {
  let start = 0;
  return values.map(({ shape }) => {
    const own = start;
    start += channels(shape);
    return own;
  });
}
