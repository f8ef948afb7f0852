import { damaged } from "../damage.js";
import type { Cursor } from "./cursor.js";
import type { Collection, Hdf5, HeapObject } from "./file.js";

const what = "a heap of texts";

/**
 * The text that an element of an attribute refers to: its length, and the number of an object in a
 * collection. HDF5 file format specification, III.E.
 *
 * @param mostBytes how long it may be
 */
export async function heapText(file: Hdf5, element: Cursor, mostBytes: number): Promise<string> {
  const length = element.u32();
  const address = element.address();
  const index = element.u32();
  if (length === 0 || address === undefined) return "";
  const place = (await file.collection(address, () => readCollection(file, address))).get(index);
  if (place === undefined || length > place.length) {
    throw damaged(file.name, `${what} lacks a text of ${length} bytes`);
  }
  if (length > mostBytes) throw damaged(file.name, `${what} has one of ${length} bytes`);
  file.take("bytes of text", length);
  return (await file.pages.at(place.begin, length, what)).toString("utf8").replace(/\0[^]*$/, "");
}

async function readCollection(file: Hdf5, address: number): Promise<Collection> {
  const head = await file.cursor(address, 16, what);
  head.expect("GCOL");
  head.version(1);
  head.skip(3);
  const end = address + head.size();
  const objects = new Map<number, HeapObject>();
  for (let at = address + 16; at + 16 <= end;) {
    const cursor = await file.cursor(at, 16, what);
    const index = cursor.u16();
    if (index === 0) break;
    cursor.skip(6);
    const length = cursor.size();
    const begin = at + 16;
    file.pages.require(begin, length, what);
    objects.set(index, { begin, length });
    at = begin + Math.ceil(length / 8) * 8;
  }
  return objects;
}
