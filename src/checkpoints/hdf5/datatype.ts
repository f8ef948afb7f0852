import type { Cursor } from "./cursor.js";

/** What the elements of a dataset or an attribute are. */
export interface Datatype {
  /** `F32` and what else safetensors has a name for, else in words: `a text`. */
  readonly dtype: string;
  readonly bytes: number;
  readonly bigEndian: boolean;
  /** Texts of a fixed number of bytes, or of any, which then are in a heap. */
  readonly text?: "fixed" | "heap";
}

export const opaque = "opaque bytes";

const classes: Readonly<Record<number, string>> = {
  2: "a time",
  3: "a text",
  4: "a bit field",
  5: opaque,
  6: "a compound",
  7: "a reference",
  8: "an enumeration",
  9: "a list",
  10: "an array",
};

/** HDF5 file format specification, IV.A.2.d. */
export function readDatatype(cursor: Cursor): Datatype {
  const kind = cursor.u8() & 15;
  const bits = cursor.u8();
  cursor.skip(2);
  const bytes = cursor.u32();
  const bigEndian = (bits & 1) !== 0;
  const type = (dtype: string): Datatype => ({ dtype, bytes, bigEndian });
  switch (kind) {
    case 0:
      return type(`${(bits & 8) !== 0 ? "I" : "U"}${8 * bytes}`);
    case 1:
      return type(floatName(cursor, bytes, bits));
    case 3:
      return { ...type("a text"), bigEndian: false, text: "fixed" };
    case 9:
      return { ...type("texts"), bigEndian: false, ...((bits & 15) === 1 ? { text: "heap" } : {}) };
    default:
      return { ...type(classes[kind] ?? `a type of class ${kind}`), bigEndian: false };
  }
}

/** Total bits, then where exponent and fraction are and how long, then the bias. */
const floats: Readonly<Record<string, string>> = {
  "64 52 11 0 52 1023": "F64",
  "32 23 8 0 23 127": "F32",
  "16 10 5 0 10 15": "F16",
  "16 7 8 0 7 127": "BF16",
};

function floatName(cursor: Cursor, bytes: number, bits: number): string {
  const offset = cursor.u16();
  const precision = cursor.u16();
  const places = [cursor.u8(), cursor.u8(), cursor.u8(), cursor.u8(), cursor.u32()];
  const isPlain = offset === 0 && precision === 8 * bytes && (bits & 0x40) === 0;
  return (isPlain && floats[[precision, ...places].join(" ")]) || `a float of ${precision} bits`;
}
