import type { Pair } from "./window.js";

/** Visits the bins of a plane in their order, with the places of the pixels of each. */
export function visitBins(
  [height, width]: Pair,
  [rows, columns]: Pair,
  visit: (bin: number, members: readonly number[]) => void,
): void {
  for (let row = 0; row < rows; row++) {
    const [top, bottom] = edges(row, height, rows);
    for (let column = 0; column < columns; column++) {
      const [left, right] = edges(column, width, columns);
      const members: number[] = [];
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) members.push(y * width + x);
      }
      visit(row * columns + column, members);
    }
  }
}

/** PyTorch's bins: where number `i` of `bins` begins along a side, and where it has ended. */
const edges = (i: number, side: number, bins: number): readonly [from: number, to: number] => [
  Math.floor((i * side) / bins),
  Math.ceil(((i + 1) * side) / bins),
];
