import { visibleName } from "../../diagnostics/visible.js";
import { elements } from "../../ops/shape.js";
import { damaged } from "../damage.js";
import type { Cursor } from "./cursor.js";
import { readDataspace } from "./dataspace.js";
import { readDatatype } from "./datatype.js";
import { heapText } from "./global-heap.js";
import { isDense } from "./group.js";
import { type HdfObject, messageType } from "./object.js";
import { unsupported } from "./unsupported.js";

/** The names of layers and weights are short. */
const mostText = 1 << 16;

/** The description of a network of a thousand layers has a megabyte. */
const mostDescription = 1 << 26;

interface Attribute {
  readonly head: Head;
  /** Where the values begin. */
  readonly values: Cursor;
  /** Once they are asked for. */
  texts?: Promise<readonly string[] | undefined>;
}

/** Of each header its attributes by name, which are read once however many names it has. */
const attributesBy = new WeakMap<HdfObject["messages"], ReadonlyMap<string, Attribute>>();

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
  const known = attributesBy.get(object.messages) ?? attributesOf(object);
  attributesBy.set(object.messages, known);
  const attribute = known.get(name);
  if (attribute !== undefined) return (attribute.texts ??= textsIn(object, attribute));
  const info = object.find(messageType.attributeInfo);
  if (info === undefined || !isDense(info, 2)) return undefined;
  throw unsupported(file.name, `attributes of ${object.path} in a heap of their own`);
}

function attributesOf(object: HdfObject): ReadonlyMap<string, Attribute> {
  const attributes = new Map<string, Attribute>();
  for (const message of object.all(messageType.attribute)) {
    const values = object.open(message);
    const head = readHead(values, message.shared);
    if (!attributes.has(head.name)) attributes.set(head.name, { head, values });
  }
  return attributes;
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
function readHead(cursor: Cursor, isElsewhere: boolean): Head {
  const version = cursor.version(1, 2, 3);
  const flags = cursor.u8();
  const [nameBytes, datatypeBytes, dataspaceBytes] = [cursor.u16(), cursor.u16(), cursor.u16()];
  if (version === 3) cursor.skip(1);
  const part = (bytes: number): Cursor => {
    const inner = cursor.sub(bytes);
    if (version === 1) cursor.pad();
    return inner;
  };
  const name = part(nameBytes)
    .text(nameBytes)
    .replace(/\0[^]*$/, "");
  const isShared = isElsewhere || (version > 1 && (flags & 3) !== 0);
  const datatype = part(datatypeBytes);
  const dataspace = part(dataspaceBytes);
  return { name, datatype, dataspace, isShared };
}

async function textsIn(
  object: HdfObject,
  { head, values }: Attribute,
): Promise<readonly string[] | undefined> {
  const { file, path } = object;
  if (head.isShared) {
    throw unsupported(file.name, `an attribute ${visibleName(head.name)} of a named type`);
  }
  const { text, bytes } = readDatatype(head.datatype);
  const count = elements(readDataspace(head.dataspace));
  // An empty list has a type of numbers, as NumPy makes it.
  if (count === 0) return [];
  if (text === undefined) return undefined;
  if (count * bytes > values.left || bytes === 0) {
    throw damaged(file.name, `an attribute of ${path} has ${count} texts`);
  }
  const longest = head.name === "model_config" ? mostDescription : mostText;
  const texts: string[] = [];
  for (let i = 0; i < count; i++) {
    if (text === "fixed") {
      file.take("bytes of text", bytes);
      texts.push(values.text(bytes).replace(/\0[^]*$/, ""));
    } else {
      texts.push(await heapText(file, values.sub(bytes), longest));
    }
  }
  return texts;
}
