import { visibleName } from "../../diagnostics/visible.js";
import { allocate } from "../../files/allocate.js";
import { elements } from "../../ops/shape.js";
import type { ByteSource } from "../bytes.js";
import { notConverted } from "../dense.js";
import type { Pages } from "../pages.js";
import { integersOf } from "../protobuf/values.js";
import { externalValues } from "./external.js";
import { type StoredTensor, typedFields } from "./tensor.js";
import { dtypeOf, requireCount } from "./values.js";

interface IntegerType {
  readonly bytes: number;
  readonly at: (view: DataView, position: number) => number;
  /** The field of `TensorProto` that holds them where they do not stand as bytes. */
  readonly field: number;
}

/** By the names of safetensors. */
const types: Readonly<Record<string, IntegerType>> = {
  BOOL: { bytes: 1, at: (view, at) => view.getUint8(at), field: typedFields.int32 },
  U8: { bytes: 1, at: (view, at) => view.getUint8(at), field: typedFields.int32 },
  I8: { bytes: 1, at: (view, at) => view.getInt8(at), field: typedFields.int32 },
  U16: { bytes: 2, at: (view, at) => view.getUint16(at, true), field: typedFields.int32 },
  I16: { bytes: 2, at: (view, at) => view.getInt16(at, true), field: typedFields.int32 },
  I32: { bytes: 4, at: (view, at) => view.getInt32(at, true), field: typedFields.int32 },
  U32: { bytes: 4, at: (view, at) => view.getUint32(at, true), field: typedFields.uint64 },
  I64: { bytes: 8, at: (view, at) => Number(view.getBigInt64(at, true)), field: typedFields.int64 },
  U64: {
    bytes: 8,
    at: (view, at) => Number(view.getBigUint64(at, true)),
    field: typedFields.uint64,
  },
};

/** Whether a tensor's elements are integers or truth values. */
export const isInteger = (tensor: StoredTensor): boolean => Object.hasOwn(types, dtypeOf(tensor));

/**
 * The integers of a short tensor: those of a shape, an axis, a list of indices. What is beyond 2^53
 * is rounded.
 *
 * @param path the model's, as the caller wrote it; absent for bytes in memory
 * @throws InceptError `weights/dtype`, `weights/damaged`, `weights/unreadable`, or of `file/` for a
 *   file beside it
 */
export async function readIntegers(
  pages: Pages,
  tensor: StoredTensor,
  what: string,
  path: string | undefined,
): Promise<readonly number[]> {
  const dtype = dtypeOf(tensor);
  const type = types[dtype];
  if (type === undefined) throw notConverted(what, dtype);
  const count = elements(tensor.shape);
  const { external, raw } = tensor;
  const bytes = type.bytes * count;
  if (external !== undefined) {
    const place = { entries: external, bytes, what, model: pages.name, path };
    return externalValues(place, (file, offset) => dense(file, offset, { type, count, what }));
  }
  if (raw !== undefined) {
    requireCount(pages, tensor, bytes, raw.end - raw.begin, "bytes");
    return dense(pages.source, raw.begin, { type, count, what });
  }
  const fields = tensor.typed.filter(({ number }) => number === type.field);
  const values = await integersOf(pages, fields, count, visibleName(tensor.name));
  requireCount(pages, tensor, count, values.length, "values");
  return values;
}

interface DenseIntegers {
  readonly type: IntegerType;
  readonly count: number;
  readonly what: string;
}

async function dense(
  source: Pick<ByteSource, "read">,
  position: number,
  { type, count, what }: DenseIntegers,
): Promise<readonly number[]> {
  const bytes = allocate(Uint8Array, type.bytes * count, what);
  await source.read(bytes, position);
  const view = new DataView(bytes.buffer);
  return Array.from({ length: count }, (_, i) => type.at(view, i * type.bytes));
}
