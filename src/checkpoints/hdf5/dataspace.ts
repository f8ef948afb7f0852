import type { Shape } from "../../ops/shape.js";
import type { Cursor } from "./cursor.js";

/** The sizes of a dataset or an attribute; of one that holds nothing, a size of 0. */
export function readDataspace(cursor: Cursor): Shape {
  const version = cursor.version(1, 2);
  const rank = cursor.u8();
  cursor.skip(1);
  const holdsNothing = cursor.u8() === 2 && version === 2;
  if (version === 1) cursor.skip(4);
  const sizes = Array.from({ length: rank }, () => cursor.size());
  return holdsNothing ? [0] : sizes;
}
