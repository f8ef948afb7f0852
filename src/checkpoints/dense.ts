import { InceptError } from "../diagnostics/incept-error.js";
import { visibleName } from "../diagnostics/visible.js";
import { allocate } from "../files/allocate.js";
import type { ByteSource } from "./bytes.js";
import { dtypeBits, isFloatDtype, toFloat32 } from "./dtype.js";

/** Elements that lie one behind the other, little-endian. */
export interface Dense {
  readonly dtype: string;
  readonly count: number;
  /** As messages name them: `w.safetensors: fc.weight`. */
  readonly what: string;
}

/** Of a tensor that is converted, this many elements are in memory in both forms. */
const pieceElements = 1 << 22;

/**
 * Reads elements as f32, piece by piece.
 *
 * @throws InceptError `weights/dtype` unless they are floats or bytes, `memory/exhausted`
 */
export async function readDense(
  source: Pick<ByteSource, "read">,
  position: number,
  { dtype, count, what }: Dense,
): Promise<Float32Array> {
  if (!isFloatDtype(dtype) && dtype !== "U8") throw notConverted(what, dtype);
  const values = allocate(Float32Array, count, what);
  if (dtype === "F32") {
    await source.read(new Uint8Array(values.buffer), position);
    return values;
  }
  const width = dtypeBits[dtype] / 8;
  const piece = new Uint8Array(width * Math.min(values.length, pieceElements));
  for (let from = 0; from < values.length; from += pieceElements) {
    const to = values.subarray(from, from + pieceElements);
    const bytes = piece.subarray(0, width * to.length);
    await source.read(bytes, position + width * from);
    toFloat32(dtype, bytes, to);
  }
  return values;
}

/** @param what as messages name the tensor */
export const notConverted = (what: string, dtype: string): InceptError =>
  new InceptError("weights/dtype", `${what} is ${visibleName(dtype)}, which cannot be converted.`, {
    help: "save the tensor as F32, F16, BF16 or F64",
  });
