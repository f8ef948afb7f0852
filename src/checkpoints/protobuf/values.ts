import { allocate } from "../../files/allocate.js";
import { damaged } from "../damage.js";
import { readDense } from "../dense.js";
import { toFloat32 } from "../dtype.js";
import type { Pages } from "../pages.js";
import { type Field, varint, wire } from "./wire.js";

/** The longest text that is read: names and types are short. */
const mostText = 1 << 16;

export async function textOf(pages: Pages, field: Field, what: string): Promise<string> {
  requireBytes(pages, field, what);
  const length = field.end - field.begin;
  if (length > mostText) throw damaged(pages.name, `${what} has ${length} bytes`);
  return (await pages.at(field.begin, length, what)).toString("utf8");
}

export function requireBytes(pages: Pages, field: Field, what: string): void {
  if (field.wire !== wire.bytes) throw damaged(pages.name, `${what} is a number`);
}

/** @throws InceptError `weights/damaged` unless it is a count: whole, not negative, below 2^53 */
export function countOf(pages: Pages, field: Field, what: string): number {
  if (field.wire === wire.varint && Number.isSafeInteger(field.value)) return field.value;
  throw damaged(pages.name, `${what} is not a count`);
}

/**
 * An int64, rounded to what a number holds: some write the largest there is for no end.
 *
 * @throws InceptError `weights/damaged` for a field of another kind
 */
export async function integerOf(pages: Pages, field: Field, what: string): Promise<number> {
  if (field.wire !== wire.varint) throw damaged(pages.name, `${what} is no integer`);
  if (Number.isSafeInteger(field.value)) return field.value;
  return signed(await pages.at(field.begin, field.end - field.begin, what));
}

/** Of what is no safe integer as a varint: it may be negative. */
function signed(bytes: Uint8Array): number {
  let value = 0n;
  for (const [i, byte] of bytes.entries()) value |= BigInt(byte & 0x7f) << BigInt(7 * i);
  return Number(BigInt.asIntN(64, value));
}

/**
 * A list of int64, packed or one a field.
 *
 * @param most as many as there may be
 */
export async function integersOf(
  pages: Pages,
  fields: readonly Field[],
  most: number,
  what: string,
): Promise<readonly number[]> {
  const integers: number[] = [];
  const tooMany = (): Error => damaged(pages.name, `${what} has over ${most} numbers`);
  for (const field of fields) {
    if (field.wire !== wire.bytes) {
      integers.push(await integerOf(pages, field, what));
    } else {
      if (field.end - field.begin > 10 * most) throw tooMany();
      const bytes = await pages.at(field.begin, field.end - field.begin, what);
      for (let at = 0; at < bytes.length;) {
        const one = varint(bytes, at);
        if (one === undefined) throw damaged(pages.name, `${what} ends within a number`);
        const end = at + one.length;
        integers.push(
          Number.isSafeInteger(one.value) ? one.value : signed(bytes.subarray(at, end)),
        );
        at = end;
      }
    }
    if (integers.length > most) throw tooMany();
  }
  return integers;
}

/** Dimensions of a tensor, packed or one a field, up to 32. */
export async function sizesOf(
  pages: Pages,
  fields: readonly Field[],
  what: string,
): Promise<readonly number[]> {
  const sizes: number[] = [];
  for (const field of fields) {
    if (field.wire !== wire.bytes) {
      sizes.push(countOf(pages, field, what));
    } else {
      if (field.end - field.begin > 10 * mostSizes) break;
      const bytes = await pages.at(field.begin, field.end - field.begin, what);
      for (let at = 0; at < bytes.length;) {
        const size = varint(bytes, at);
        if (size === undefined || !Number.isSafeInteger(size.value)) {
          throw damaged(pages.name, `${what} is not a count`);
        }
        sizes.push(size.value);
        at += size.length;
      }
    }
  }
  if (sizes.length <= mostSizes) return sizes;
  throw damaged(pages.name, `${what}: ${sizes.length} of them`);
}

const mostSizes = 32;

/** Numbers of a fixed size as a message holds them: fields that are packed, and runs that are not. */
export interface Numbers {
  readonly dtype: "F32" | "F64";
  readonly fields: readonly Field[];
}

/** @throws InceptError `weights/damaged` where a field holds no whole number of them */
export function countNumbers(pages: Pages, { dtype, fields }: Numbers, what: string): number {
  const width = dtype === "F32" ? 4 : 8;
  const unpacked = dtype === "F32" ? wire.fixed32 : wire.fixed64;
  let count = 0;
  for (const field of fields) {
    const bytes = field.end - field.begin;
    if (field.wire === unpacked) count += field.count;
    else if (field.wire === wire.bytes && bytes % width === 0) count += bytes / width;
    else throw damaged(pages.name, `${what} holds no whole number of values`);
  }
  return count;
}

/**
 * The numbers as f32.
 *
 * @throws InceptError as `countNumbers`, and `memory/exhausted`
 */
export async function readNumbers(
  pages: Pages,
  numbers: Numbers,
  what: string,
): Promise<Float32Array> {
  const { dtype, fields } = numbers;
  const width = dtype === "F32" ? 4 : 8;
  const [only] = fields;
  const count = countNumbers(pages, numbers, what);
  if (fields.length === 1 && only?.wire === wire.bytes) {
    return readDense(pages.source, only.begin, { dtype, count, what });
  }
  const values = allocate(Float32Array, count, what);
  let filled = 0;
  for (const field of fields) {
    const packed = field.wire === wire.bytes;
    const count = packed ? (field.end - field.begin) / width : field.count;
    const stride = packed ? width : field.stride;
    await readRun(
      pages,
      { dtype, begin: field.begin, stride },
      values.subarray(filled, filled + count),
    );
    filled += count;
  }
  return values;
}

interface Run {
  readonly dtype: "F32" | "F64";
  readonly begin: number;
  readonly stride: number;
}

const atOnce = 1 << 16;

async function readRun(pages: Pages, run: Run, into: Float32Array): Promise<void> {
  const { dtype, begin, stride } = run;
  const width = dtype === "F32" ? 4 : 8;
  const dense = new Uint8Array(width * Math.min(into.length, atOnce));
  for (let from = 0; from < into.length; from += atOnce) {
    const to = into.subarray(from, from + atOnce);
    const length = (to.length - 1) * stride + width;
    const bytes = await pages.at(begin + from * stride, length, "a number");
    for (let i = 0; i < to.length; i++) {
      for (let b = 0; b < width; b++) dense[i * width + b] = bytes[i * stride + b]!;
    }
    toFloat32(dtype, dense.subarray(0, width * to.length), to);
  }
}
