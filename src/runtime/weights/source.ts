import { types } from "node:util";
import { visibleName } from "../../diagnostics/visible.js";
import { filePath, type Place, type Reader } from "../check-options.js";
import { copyOf, copyOfBytes } from "../memory.js";
import type { NetworkTypes, ParameterName } from "../types.js";

/**
 * Where a network's parameters come from: a checkpoint (path or file URL), its bytes,
 * `random:SEED` with an unsigned 32-bit SEED, or the values themselves by parameter name.
 */
export type WeightSource<N extends NetworkTypes = NetworkTypes> =
  | string
  | URL
  | Uint8Array
  | ArrayBuffer
  | (string extends ParameterName<N> ? Readonly<Record<string, Float32Array>> : WeightRecord<N>);

/** Names that there are; that none is missing is for `load` to say. */
export type WeightRecord<N extends NetworkTypes> = {
  readonly [K in ParameterName<N> as IsPattern<K> extends true ? never : K]?: Float32Array;
} & {
  // Optional, what is under a pattern might be undefined too.
  readonly [K in ParameterName<N> as IsPattern<K> extends true ? K : never]: Float32Array;
};

type IsPattern<K extends string> = Record<never, never> extends Record<K, unknown> ? true : false;

/** A source that is one. What the caller held in memory is copied: it may go on using it. */
export type CheckedSource =
  | { readonly kind: "random"; readonly seed: number }
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "values"; readonly values: ReadonlyMap<string, Float32Array> };

const expected =
  "a checkpoint (path or file URL) or its bytes (a Buffer, Uint8Array or ArrayBuffer), " +
  "random:SEED, or Float32Arrays by parameter name";

/** The option `weights`. */
export const weightSource: Reader<CheckedSource> = (value, place) => {
  const tag = tagOf(value);
  if (typeof value === "string" && value.startsWith("random:")) {
    return { kind: "random", seed: seedOf(value, place) };
  }
  if (typeof value === "string" || tag === "URL") {
    if (/^https?:/.test(String(value))) {
      throw place.outOfRange(String(value), "a file: download it first");
    }
    return { kind: "file", path: filePath(value, place) };
  }
  if (types.isUint8Array(value) || types.isAnyArrayBuffer(value)) {
    return { kind: "bytes", bytes: copyOfBytes(value, place, "The copy of weights") };
  }
  if (tag !== "Object") throw place.wrongType(value, expected);
  return { kind: "values", values: valuesOf(value as object, place) };
};

/** `Object` for a record, whichever realm made it; `Map`, `Promise`, `Array` for others. */
const tagOf = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1);

function seedOf(source: string, place: Place): number {
  const text = source.slice("random:".length);
  const seed = Number(text);
  if (/^\d+$/.test(text) && seed <= 0xffffffff) return seed;
  throw place.wrongType(source, `random:SEED with a SEED of 0 to ${0xffffffff}, such as random:1`);
}

function valuesOf(record: object, place: Place): ReadonlyMap<string, Float32Array> {
  const values = new Map<string, Float32Array>();
  for (const [name, array] of Object.entries(record)) {
    const entry = visibleName(name);
    const part = place.part(entry);
    if (!types.isFloat32Array(array)) throw part.wrongType(array, "a Float32Array");
    values.set(name, copyOf(Float32Array, array, part, `The copy of ${entry}`));
  }
  return values;
}
