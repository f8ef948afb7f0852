/** Pictures of one size that lie in rows. */
import type { RawPixels } from "../runtime/image/pixels.js";
import type { Pictures } from "../runtime/train/pictures.js";
import type { Rows } from "./rows.js";

/** What they are, and how a row becomes a picture. */
export interface RowContent {
  readonly classes: number;
  readonly labels?: readonly string[];
  readonly pixels: (row: Uint8Array) => RawPixels;
}

/**
 * The pictures of several files, one after another.
 *
 * @param targets the class of each
 */
export function binaryPictures(
  files: readonly Rows[],
  targets: Uint8Array,
  { classes, labels, pixels }: RowContent,
): Pictures {
  const placeOf = (index: number): { readonly file: Rows; readonly row: number } => {
    let row = index;
    for (const file of files) {
      if (row < file.count) return { file, row };
      row -= file.count;
    }
    throw new RangeError(`There is no picture ${index}: there are ${targets.length}.`);
  };
  return {
    size: targets.length,
    classes,
    ...(labels === undefined ? {} : { labels }),
    label: (index) => targets[index]!,
    picture: async (index) => {
      const { file, row } = placeOf(index);
      return pixels(await file.read(row));
    },
    name: (index) => {
      const { file, row } = placeOf(index);
      return `${file.name}[${row}]`;
    },
  };
}
