/** Bits of one element, by the names that safetensors headers use (its reference reader, 0.8). */
export const dtypeBits = {
  BOOL: 8,
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  U8: 8,
  I8: 8,
  F8_E4M3: 8,
  F8_E5M2: 8,
  F8_E8M0: 8,
  F8_E4M3FNUZ: 8,
  F8_E5M2FNUZ: 8,
  U16: 16,
  I16: 16,
  F16: 16,
  BF16: 16,
  U32: 32,
  I32: 32,
  F32: 32,
  C64: 64,
  U64: 64,
  I64: 64,
  F64: 64,
} as const;

export type Dtype = keyof typeof dtypeBits;

export const isDtype = (name: string): name is Dtype => Object.hasOwn(dtypeBits, name);

/** What a network computes with once it is rounded to f32: what weights may be stored as. */
export const floatDtypes = ["F32", "F16", "BF16", "F64"] as const;

export type FloatDtype = (typeof floatDtypes)[number];

export const isFloatDtype = (name: string): name is FloatDtype =>
  (floatDtypes as readonly string[]).includes(name);

/**
 * Writes the elements of a tensor as f32, rounded to nearest; of a double beyond f32 that is an
 * infinity.
 *
 * @param bytes little-endian, starting at a multiple of the element's size in its buffer
 */
export function toFloat32(dtype: FloatDtype | "U8", bytes: Uint8Array, to: Float32Array): void {
  const view = <A>(array: new (buffer: ArrayBufferLike, offset: number, length: number) => A): A =>
    new array(bytes.buffer, bytes.byteOffset, bytes.byteLength / (dtypeBits[dtype] / 8));
  switch (dtype) {
    case "F32":
      return to.set(view(Float32Array));
    case "F64":
      return to.set(view(Float64Array));
    case "U8":
      return to.set(bytes);
    case "F16":
      return halfToFloat(view(Uint16Array), to);
    case "BF16":
      return brainToFloat(view(Uint16Array), to);
  }
}

/** The value of each IEEE 754 binary16: 1 sign, 5 exponent (bias 15), 10 fraction bits. */
let halves: Float32Array | undefined;

function halfToFloat(bits: Uint16Array, to: Float32Array): void {
  halves ??= Float32Array.from({ length: 1 << 16 }, (_, i) => half(i));
  for (let i = 0; i < bits.length; i++) to[i] = halves[bits[i]!]!;
}

function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** bfloat16 is the upper half of an f32. */
function brainToFloat(values: Uint16Array, to: Float32Array): void {
  const bits = new Uint32Array(to.buffer, to.byteOffset, to.length);
  for (let i = 0; i < values.length; i++) bits[i] = values[i]! << 16;
}
