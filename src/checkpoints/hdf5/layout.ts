import type { Cursor } from "./cursor.js";
import { type HdfObject, messageType } from "./object.js";
import { unsupported } from "./unsupported.js";

/** Where the elements of a dataset are. */
export type Layout =
  | { readonly kind: "compact"; readonly bytes: Buffer }
  | { readonly kind: "contiguous"; readonly address: number | undefined; readonly length: number }
  | {
      readonly kind: "chunked";
      readonly tree: number | undefined;
      /** Sizes of a chunk, as many as the dataset has. */
      readonly chunk: readonly number[];
      readonly elementBytes: number;
    };

/**
 * @throws InceptError `weights/unreadable` for what is in other files or other datasets, and for
 *   the ways to lay out chunks that came with HDF5 1.10
 *
 * HDF5 file format specification, IV.A.2.i.
 */
export function layoutOf(object: HdfObject): Layout | undefined {
  const { file, path } = object;
  if (object.all(messageType.externalFiles).length > 0) {
    throw unsupported(file.name, `${path}, whose values are in other files`);
  }
  const cursor = object.find(messageType.layout);
  if (cursor === undefined) return undefined;
  const version = cursor.version(3, 4, 5);
  switch (cursor.u8()) {
    case 0:
      return { kind: "compact", bytes: cursor.take(cursor.u16()) };
    case 1:
      return { kind: "contiguous", address: cursor.address(), length: cursor.size() };
    case 2:
      if (version === 3) return chunked(cursor);
      throw unsupported(file.name, `${path}, in chunks as HDF5 1.10 lists them`);
    case 3:
      throw unsupported(file.name, `${path}, a virtual dataset of others`);
    default:
      throw unsupported(file.name, `${path} in a layout that is not known`);
  }
}

function chunked(cursor: Cursor): Layout {
  const rank = cursor.u8();
  const tree = cursor.address();
  const sizes = Array.from({ length: rank }, () => cursor.u32());
  return { kind: "chunked", tree, chunk: sizes.slice(0, -1), elementBytes: sizes.at(-1) ?? 0 };
}
