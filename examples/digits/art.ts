/** Pictures of one channel as text. */
import type { ImageSource } from "inceptc";

/** Dots of a braille letter, 2 wide and 4 high, by row and column. */
const dots = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

/** A row of text for four rows of pixels: a dot where one is brighter than the middle. */
export function art(picture: ImageSource): string[] {
  if (typeof picture !== "object" || !("channels" in picture)) {
    throw new TypeError("A picture of the data has pixels.");
  }
  const { data, width, height } = picture;
  const isBright = (x: number, y: number): boolean =>
    x < width && y < height && data[y * width + x]! >= 128;
  const letter = (x: number, y: number): string => {
    const lit = dots.flatMap((row, dy) => row.filter((_, dx) => isBright(x + dx, y + dy)));
    return String.fromCodePoint(0x2800 + lit.reduce((sum, dot) => sum + dot, 0));
  };
  return Array.from({ length: Math.ceil(height / 4) }, (_, row) =>
    Array.from({ length: Math.ceil(width / 2) }, (_, column) => letter(2 * column, 4 * row)).join(
      "",
    ),
  );
}

/** Blocks of text next to each other, each as wide as the widest. */
export function beside(blocks: readonly (readonly string[])[]): string {
  const width = 2 + Math.max(...blocks.flat().map(({ length }) => length));
  const rows = Math.max(...blocks.map(({ length }) => length));
  return Array.from({ length: rows }, (_, row) =>
    blocks
      .map((block) => (block[row] ?? "").padEnd(width))
      .join("")
      .trimEnd(),
  ).join("\n");
}
