import { InceptError } from "../../diagnostics/incept-error.js";

/** Bytes of one element, by the names that safetensors headers use. */
export const dtypeBytes = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
} as const;

export type Dtype = keyof typeof dtypeBytes;

export const isDtype = (name: unknown): name is Dtype =>
  typeof name === "string" && Object.hasOwn(dtypeBytes, name);

/**
 * The elements of a tensor as f32, rounded to nearest; f32 itself comes back without a copy.
 *
 * @param bytes little-endian, starting at a multiple of the element's size in its buffer
 * @throws InceptError `weights/dtype` for the 8-bit floats, which nothing here writes
 */
export function toFloat32(name: string, dtype: Dtype, bytes: Uint8Array): Float32Array {
  const view = <A>(array: new (buffer: ArrayBufferLike, offset: number, length: number) => A): A =>
    new array(bytes.buffer, bytes.byteOffset, bytes.byteLength / dtypeBytes[dtype]);
  switch (dtype) {
    case "F32":
      return view(Float32Array);
    case "F64":
      return Float32Array.from(view(Float64Array));
    case "F16":
      return Float32Array.from(view(Uint16Array), halfToFloat);
    case "BF16":
      return brainToFloat(view(Uint16Array));
    case "BOOL":
    case "U8":
      return Float32Array.from(bytes);
    case "I8":
      return Float32Array.from(view(Int8Array));
    case "U16":
      return Float32Array.from(view(Uint16Array));
    case "I16":
      return Float32Array.from(view(Int16Array));
    case "U32":
      return Float32Array.from(view(Uint32Array));
    case "I32":
      return Float32Array.from(view(Int32Array));
    case "U64":
      return Float32Array.from(view(BigUint64Array), Number);
    case "I64":
      return Float32Array.from(view(BigInt64Array), Number);
    case "F8_E4M3":
    case "F8_E5M2":
      throw new InceptError("weights/dtype", `${name} is ${dtype}, which cannot be converted.`, {
        help: "save the tensor as F32, F16 or BF16",
      });
  }
}

/** IEEE 754 binary16: 1 sign, 5 exponent (bias 15), 10 fraction bits. */
function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** bfloat16 is the upper half of an f32. */
function brainToFloat(values: Uint16Array): Float32Array {
  const bits = Uint32Array.from(values, (value) => value << 16);
  return new Float32Array(bits.buffer);
}
