import { visibleName } from "../../diagnostics/visible.js";
import { allocate } from "../../files/allocate.js";
import { elements } from "../../ops/shape.js";
import { damaged } from "../damage.js";
import { notConverted, readDense } from "../dense.js";
import { dtypeBits, isFloatDtype, toFloat32 } from "../dtype.js";
import type { Pages } from "../pages.js";
import { countNumbers, readNumbers } from "../protobuf/values.js";
import { type Field, varint, wire } from "../protobuf/wire.js";
import { externalValues } from "./external.js";
import { type StoredTensor, typedFields } from "./tensor.js";

/** `TensorProto.DataType`, by the names of safetensors. */
const dtypes: Readonly<Record<number, string>> = {
  1: "F32",
  2: "U8",
  3: "I8",
  4: "U16",
  5: "I16",
  6: "I32",
  7: "I64",
  8: "string",
  9: "BOOL",
  10: "F16",
  11: "F64",
  12: "U32",
  13: "U64",
  14: "C64",
  15: "complex128",
  16: "BF16",
  17: "F8_E4M3",
  18: "F8_E4M3FNUZ",
  19: "F8_E5M2",
  20: "F8_E5M2FNUZ",
};

export const dtypeOf = ({ type }: StoredTensor): string => dtypes[type] ?? `ONNX's type ${type}`;

/**
 * The values of an initializer, as bytes, as numbers, or from a file beside the model.
 *
 * @param path the model's, as the caller wrote it; absent for bytes in memory
 * @throws InceptError `weights/dtype`, `weights/damaged`, `weights/unreadable`, or of `file/` for
 *   the file beside it
 */
export async function readValues(
  pages: Pages,
  tensor: StoredTensor,
  what: string,
  path: string | undefined,
): Promise<Float32Array> {
  const dtype = dtypeOf(tensor);
  if (!isFloatDtype(dtype) && dtype !== "U8") throw notConverted(what, dtype);
  const count = elements(tensor.shape);
  const bytes = (dtypeBits[dtype] / 8) * count;
  const dense = { dtype, count, what };
  if (tensor.external !== undefined) {
    const place = { entries: tensor.external, bytes, what, model: pages.name, path };
    return externalValues(place, (file, offset) => readDense(file, offset, dense));
  }
  const { raw } = tensor;
  if (raw !== undefined) {
    requireCount(pages, tensor, bytes, raw.end - raw.begin, "bytes");
    return readDense(pages.source, raw.begin, dense);
  }
  if (dtype === "F32" || dtype === "F64") {
    const fields = typedOf(tensor, dtype === "F32" ? typedFields.float : typedFields.double);
    const numbers = { dtype, fields } as const;
    const has = countNumbers(pages, numbers, visibleName(tensor.name));
    requireCount(pages, tensor, count, has, "values");
    return readNumbers(pages, numbers, what);
  }
  return narrowValues(pages, tensor, { dtype, count, what });
}

const typedOf = ({ typed }: StoredTensor, number: number): readonly Field[] =>
  typed.filter((field) => field.number === number);

export function requireCount(
  { name }: Pages,
  tensor: Pick<StoredTensor, "name">,
  expected: number,
  has: number,
  unit: string,
): void {
  if (has === expected) return;
  const what = `${visibleName(tensor.name)} has ${has} ${unit}`;
  throw damaged(name, `${what}, its shape asks for ${expected}`);
}

/** What has no field of its own stands in `int32_data`, the bits of one value in each. */
async function narrowValues(
  pages: Pages,
  tensor: StoredTensor,
  {
    dtype,
    count,
    what,
  }: { readonly dtype: "F16" | "BF16" | "U8"; readonly count: number; readonly what: string },
): Promise<Float32Array> {
  const fields = typedOf(tensor, typedFields.int32);
  // Each takes a byte at least, so that what is claimed is bounded by what is there.
  const held = fields.reduce((sum, field) => sum + field.end - field.begin, 0);
  if (held < count) requireCount(pages, tensor, count, held, "values at most");
  const width = dtypeBits[dtype] / 8;
  const bits = allocate(Uint8Array, width * count, what);
  let filled = 0;
  const put = (value: number): void => {
    if (filled < count && width === 1) bits[filled] = value;
    else if (filled < count) new DataView(bits.buffer).setUint16(2 * filled, value, true);
    filled++;
  };
  for (const field of fields) {
    if (field.wire === wire.varint) put(field.value);
    else if (field.wire === wire.bytes) await eachVarint(pages, field, tensor.name, put);
    else throw damaged(pages.name, `${visibleName(tensor.name)} has numbers of another kind`);
  }
  requireCount(pages, tensor, count, filled, "values");
  const values = allocate(Float32Array, count, what);
  toFloat32(dtype, bits, values);
  return values;
}

async function eachVarint(
  pages: Pages,
  { begin, end }: Field,
  name: string,
  put: (value: number) => void,
): Promise<void> {
  const longest = 10;
  for (let position = begin; position < end;) {
    const bytes = await pages.at(position, Math.min(1 << 14, end - position), visibleName(name));
    const isLast = position + bytes.length === end;
    let at = 0;
    // What may go on behind these bytes is read with the next ones.
    while (at < bytes.length && (isLast || at + longest <= bytes.length)) {
      const number = varint(bytes, at);
      if (number === undefined)
        throw damaged(pages.name, `${visibleName(name)} ends within a value`);
      put(number.value);
      at += number.length;
    }
    position += at;
  }
}
