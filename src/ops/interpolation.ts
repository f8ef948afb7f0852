/** What lies between pixels, of which each is known in its middle. */
import { channels, plane, type Shape } from "./shape.js";
import type { Pair } from "./window.js";

/** A pixel on one axis and its weight. */
type Weighed = readonly [from: number, weight: number];

/**
 * What makes a row or column `at` of an image that is `factor` times larger: the two on both sides
 * of its middle, the nearer one the more. It is one alone in whose middle it lies, and the outermost
 * beyond its own.
 */
function mixed(at: number, factor: number, side: number): readonly Weighed[] {
  const place = (at + 0.5) / factor - 0.5;
  const [before, behind] = [Math.max(Math.floor(place), 0), Math.min(Math.ceil(place), side - 1)];
  if (before === behind) return [[before, 1]];
  return [
    [before, behind - place],
    [behind, place - before],
  ];
}

/** Visits what each number of the larger image is made of: their places, and the weight. */
export function eachMixed(
  small: Shape,
  [down, across]: Pair,
  visit: (at: number, from: number, weight: number) => void,
): void {
  const [height, width] = plane(small);
  const rows = Array.from({ length: height * down }, (_, y) => mixed(y, down, height));
  const columns = Array.from({ length: width * across }, (_, x) => mixed(x, across, width));
  for (let c = 0; c < channels(small); c++) {
    rows.forEach((row, y) => {
      columns.forEach((column, x) => {
        const at = (c * rows.length + y) * columns.length + x;
        for (const [fromRow, rowWeight] of row) {
          for (const [from, weight] of column)
            visit(at, (c * height + fromRow) * width + from, rowWeight * weight);
        }
      });
    });
  }
}
