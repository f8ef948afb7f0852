import { damaged } from "../damage.js";
import type { Pages } from "../pages.js";
import { countOf, requireBytes, sizesOf, textOf } from "../protobuf/values.js";
import type { Field, Messages } from "../protobuf/wire.js";

/** A `TensorProto` (onnx.proto) by where its values are. */
export interface StoredTensor {
  readonly name: string;
  /** `TensorProto.DataType` */
  readonly type: number;
  readonly shape: readonly number[];
  /** The values as bytes. */
  readonly raw?: Field;
  /** The values as numbers, of the fields that `typedFields` lists. */
  readonly typed: readonly Field[];
  /** Where the values are if they are in another file: `location`, `offset`, `length`. */
  readonly external?: ReadonlyMap<string, string>;
  readonly isSparse?: true;
}

/** The fields of `TensorProto` that hold numbers. */
export const typedFields = { float: 4, int32: 5, int64: 7, double: 10, uint64: 11 } as const;

/** @param what it is, as messages name it: it may have no name of its own */
export async function readTensor(
  messages: Messages,
  pages: Pages,
  message: Field,
  what: string,
): Promise<StoredTensor> {
  let name = "";
  let type = 0;
  let raw: Field | undefined;
  let isExternal = false;
  const external = new Map<string, string>();
  const dims: Field[] = [];
  const typed: Field[] = [];
  for await (const field of messages.fields(message, what)) {
    switch (field.number) {
      case 1:
        dims.push(field);
        break;
      case 2:
        type = countOf(pages, field, `the type of ${what}`);
        break;
      case 8:
        name = await textOf(pages, field, `the name of ${what}`);
        break;
      case 9:
        requireBytes(pages, field, what);
        raw = field;
        break;
      case 13:
        external.set(...(await readEntry(messages, pages, field, what)));
        break;
      case 14:
        isExternal = field.value === 1;
        break;
      case typedFields.float:
      case typedFields.int32:
      case typedFields.int64:
      case typedFields.double:
      case typedFields.uint64:
        typed.push(field);
        break;
    }
  }
  const shape = await sizesOf(pages, dims, `a size of ${what}`);
  return {
    name,
    type,
    shape,
    typed,
    ...(raw === undefined ? {} : { raw }),
    ...(isExternal ? { external } : {}),
  };
}

/** `StringStringEntryProto` */
export async function readEntry(
  messages: Messages,
  pages: Pages,
  message: Field,
  what: string,
): Promise<[string, string]> {
  requireBytes(pages, message, what);
  const entry: [string, string] = ["", ""];
  for await (const field of messages.fields(message, what)) {
    if (field.number === 1 || field.number === 2) {
      entry[field.number - 1] = await textOf(pages, field, `a text of ${what}`);
    }
  }
  return entry;
}

/** `SparseTensorProto`: its name is its values', its shape its own. */
export async function readSparse(
  messages: Messages,
  pages: Pages,
  message: Field,
  what: string,
): Promise<StoredTensor> {
  const dims: Field[] = [];
  let values: StoredTensor | undefined;
  for await (const field of messages.fields(message, what)) {
    if (field.number === 3) dims.push(field);
    if (field.number !== 1) continue;
    requireBytes(pages, field, what);
    values = await readTensor(messages, pages, field, what);
  }
  if (values === undefined) throw damaged(pages.name, `${what} has no values`);
  return { ...values, shape: await sizesOf(pages, dims, `a size of ${what}`), isSparse: true };
}
