import { allocate } from "../../files/allocate.js";
import { elements, type Shape } from "../../ops/shape.js";
import { damaged } from "../damage.js";
import { notConverted } from "../dense.js";
import { dtypeBits, type FloatDtype, isFloatDtype, toFloat32 } from "../dtype.js";
import { readChunks } from "./chunks.js";
import { readDataspace } from "./dataspace.js";
import { type Datatype, readDatatype } from "./datatype.js";
import { layoutOf } from "./layout.js";
import { type HdfObject, messageType } from "./object.js";

/** An array of an HDF5 file; its values are read when somebody asks. */
export interface Dataset {
  readonly object: HdfObject;
  readonly shape: Shape;
  readonly type: Datatype;
}

/** Undefined for a group. */
export function datasetOf(object: HdfObject): Dataset | undefined {
  const space = object.find(messageType.dataspace);
  const type = object.find(messageType.datatype);
  if (space === undefined || type === undefined) return undefined;
  return { object, shape: readDataspace(space), type: readDatatype(type) };
}

/** Deflate makes at most this many bytes of one. */
const mostExpansion = 1032;

/**
 * The values in C order as f32.
 *
 * @param what the tensor as messages name it
 * @throws InceptError `weights/dtype`, `weights/damaged`, `weights/truncated`, `weights/unreadable`,
 *   `memory/exhausted`
 */
export async function readDataset(dataset: Dataset, what: string): Promise<Float32Array> {
  const { object, shape, type } = dataset;
  const { name, pages } = object.file;
  const { dtype } = type;
  if (!isFloatDtype(dtype)) throw notConverted(what, dtype);
  const width = dtypeBits[dtype] / 8;
  const count = elements(shape);
  const length = count * width;
  if (length > mostExpansion * pages.size) {
    throw damaged(name, `${object.path} claims ${length} bytes, which the file cannot hold`);
  }
  const layout = layoutOf(object);
  if (layout?.kind === "contiguous" && layout.address !== undefined) {
    if (layout.length !== length) throw wrongLength(object, layout.length, length);
    pages.require(layout.address, length, object.path);
    return readPieces(dataset, dtype, layout.address, what);
  }
  const bytes = allocate(Uint8Array, length, what);
  if (layout?.kind === "compact") {
    if (layout.bytes.length !== length) throw wrongLength(object, layout.bytes.length, length);
    bytes.set(layout.bytes);
  } else {
    fill(bytes, fillValue(object, width));
    if (layout?.kind === "chunked") await readChunks(object, layout, shape, width, bytes);
  }
  const values = allocate(Float32Array, count, what);
  convert(dtype, type.bigEndian, bytes, values);
  return values;
}

const wrongLength = ({ file, path }: HdfObject, is: number, expected: number): Error =>
  damaged(file.name, `${path} has ${is} bytes, its shape asks for ${expected}`);

const pieceElements = 1 << 20;

async function readPieces(
  { object, shape, type }: Dataset,
  dtype: FloatDtype,
  address: number,
  what: string,
): Promise<Float32Array> {
  const width = dtypeBits[dtype] / 8;
  const values = allocate(Float32Array, elements(shape), what);
  const piece = new Uint8Array(width * Math.min(values.length, pieceElements));
  for (let from = 0; from < values.length; from += pieceElements) {
    const to = values.subarray(from, from + pieceElements);
    const bytes = piece.subarray(0, width * to.length);
    await object.file.pages.source.read(bytes, address + width * from);
    convert(dtype, type.bigEndian, bytes, to);
  }
  return values;
}

function convert(dtype: FloatDtype, bigEndian: boolean, bytes: Uint8Array, to: Float32Array): void {
  if (bigEndian) swap(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), dtype);
  toFloat32(dtype, bytes, to);
}

function swap(bytes: Buffer, dtype: FloatDtype): void {
  if (dtype === "F64") bytes.swap64();
  else if (dtype === "F32") bytes.swap32();
  else bytes.swap16();
}

/** What stands where nothing was ever written; IV.A.2.e and f. */
function fillValue(object: HdfObject, width: number): Uint8Array | undefined {
  const cursor = object.find(messageType.fillValue);
  if (cursor === undefined) return undefined;
  const version = cursor.version(1, 2, 3);
  const flags = cursor.u8();
  if (version < 3) cursor.skip(1);
  const isDefined = version === 3 ? (flags & 0x20) !== 0 : cursor.u8() !== 0;
  if (!isDefined || cursor.left < 4) return undefined;
  const size = cursor.u32();
  return size === width ? cursor.take(size) : undefined;
}

function fill(bytes: Uint8Array, value: Uint8Array | undefined): void {
  if (value === undefined || value.every((byte) => byte === 0)) return;
  for (let at = 0; at < bytes.length; at += value.length) bytes.set(value, at);
}
