import { visibleName } from "../../diagnostics/visible.js";
import { elements } from "../../ops/shape.js";
import { damaged } from "../damage.js";
import type { Cursor } from "./cursor.js";
import { readDataspace } from "./dataspace.js";
import { type Datatype, readDatatype } from "./datatype.js";
import { heapText } from "./global-heap.js";
import { isDense } from "./group.js";
import { type HdfObject, messageType } from "./object.js";
import { unsupported } from "./unsupported.js";

/**
 * The texts of an attribute, one for a scalar; undefined where the object has none of that name, or
 * one that holds no texts.
 *
 * HDF5 file format specification, IV.A.2.m.
 */
export async function textsOf(
  object: HdfObject,
  name: string,
): Promise<readonly string[] | undefined> {
  const { file } = object;
  for (const message of object.all(messageType.attribute)) {
    const cursor = object.open(message);
    const head = readHead(cursor);
    if (head.name !== name) continue;
    if (head.isShared || message.shared) {
      throw unsupported(file.name, `an attribute ${visibleName(name)} of a named type`);
    }
    const type = readDatatype(head.datatype);
    const count = elements(readDataspace(head.dataspace));
    return textsIn(object, cursor, type, count);
  }
  const info = object.find(messageType.attributeInfo);
  if (info === undefined || !isDense(info, 2)) return undefined;
  throw unsupported(file.name, `attributes of ${object.path} in a heap of their own`);
}

export async function textOf(object: HdfObject, name: string): Promise<string | undefined> {
  return (await textsOf(object, name))?.[0];
}

interface Head {
  readonly name: string;
  readonly datatype: Cursor;
  readonly dataspace: Cursor;
  readonly isShared: boolean;
}

/** Leaves the cursor before the values. */
function readHead(cursor: Cursor): Head {
  const version = cursor.version(1, 2, 3);
  const flags = cursor.u8();
  const [nameBytes, datatypeBytes, dataspaceBytes] = [cursor.u16(), cursor.u16(), cursor.u16()];
  if (version === 3) cursor.skip(1);
  const part = (bytes: number): Cursor => {
    const inner = cursor.sub(bytes);
    if (version === 1) cursor.pad();
    return inner;
  };
  const name = part(nameBytes).text(nameBytes).replace(/\0+$/, "");
  const datatype = part(datatypeBytes);
  const dataspace = part(dataspaceBytes);
  return { name, datatype, dataspace, isShared: version > 1 && (flags & 3) !== 0 };
}

async function textsIn(
  object: HdfObject,
  cursor: Cursor,
  { text, bytes }: Datatype,
  count: number,
): Promise<readonly string[] | undefined> {
  // An empty list has a type of numbers, as NumPy makes it.
  if (count === 0) return [];
  if (text === undefined) return undefined;
  if (count * bytes > cursor.left || bytes === 0) {
    throw damaged(object.file.name, `an attribute of ${object.path} has ${count} texts`);
  }
  const texts: string[] = [];
  for (let i = 0; i < count; i++) {
    if (text === "fixed") texts.push(cursor.text(bytes).replace(/\0[^]*$/, ""));
    else texts.push(await heapText(object.file, cursor.sub(bytes)));
  }
  return texts;
}
