import { damaged } from "../damage.js";
import { pageBytes, type Pages } from "../pages.js";

/**
 * A field of a protocol buffer's message by where its value is: messages of any size are walked
 * without being read. https://protobuf.dev/programming-guides/encoding/
 */
export interface Field {
  readonly number: number;
  readonly wire: Wire;
  /** Of wire type `varint`; beyond 2^53 only near, which no field that is read here may be. */
  readonly value: number;
  /** Of wire type `bytes` what is between, else the value, of a run the first one. */
  readonly begin: number;
  readonly end: number;
  /** Values of a fixed size whose fields follow each other are one run: unpacked numbers. */
  readonly count: number;
  /** From the start of one of a run to the next. */
  readonly stride: number;
}

export const wire = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

export type Wire = (typeof wire)[keyof typeof wire];

/** Fields that one file may have: a network has some thousands, and a run of numbers is one. */
const mostFields = 1 << 21;

/** Longest form of a tag and of a varint behind it. */
const mostHead = 20;

interface Range {
  readonly begin: number;
  readonly end: number;
}

/** Walks the messages of one file. */
export class Messages {
  #left = mostFields;

  constructor(private readonly pages: Pages) {}

  get name(): string {
    return this.pages.name;
  }

  /**
   * The fields of a message, one after the other.
   *
   * @throws InceptError `weights/damaged` for what is no message
   */
  async *fields(message: Range, what: string): AsyncGenerator<Field> {
    let position = message.begin;
    while (position < message.end) {
      if (this.#left-- === 0) throw damaged(this.name, `it has over ${mostFields} fields`);
      const field = await this.#field(position, message.end, what);
      yield field;
      position = field.end + (field.count - 1) * field.stride;
    }
  }

  async #field(position: number, end: number, what: string): Promise<Field> {
    const head = await this.pages.at(position, Math.min(mostHead, end - position), what);
    const broken = (): Error => damaged(this.name, `${what} is no message at byte ${position}`);
    const tag = varint(head, 0) ?? thrown(broken());
    const number = Math.floor(tag.value / 8);
    const type = tag.value % 8;
    if (number === 0 || number >= 1 << 29) throw broken();
    const start = position + tag.length;
    switch (type) {
      case wire.varint: {
        const { value, length } = varint(head, tag.length) ?? thrown(broken());
        return { ...single, number, wire: type, value, begin: start, end: start + length };
      }
      case wire.bytes: {
        const { value, length } = varint(head, tag.length) ?? thrown(broken());
        const begin = start + length;
        if (value > end - begin) {
          // At the end of the file it was cut, inside of it the length is wrong.
          if (end === this.pages.size) this.pages.require(begin, value, `a part of ${what}`);
          throw damaged(this.name, `a part of ${what} is longer than the whole`);
        }
        return { ...single, number, wire: type, begin, end: begin + value };
      }
      case wire.fixed32:
      case wire.fixed64: {
        const width = type === wire.fixed32 ? 4 : 8;
        if (width > end - start) throw broken();
        const stride = tag.length + width;
        const count = await this.#runLength(head.subarray(0, tag.length), position, end, stride);
        return { ...single, number, wire: type, begin: start, end: start + width, count, stride };
      }
      default:
        throw broken();
    }
  }

  /** How many fields of the same tag follow one another, the first with them. */
  async #runLength(tag: Buffer, position: number, end: number, stride: number): Promise<number> {
    const most = Math.floor((end - position) / stride);
    const atOnce = Math.floor(pageBytes / stride);
    // Most are alone, or among others: only behind a run more is read at once.
    for (let from = 1, many = 1; from < most; from += many) {
      many = Math.min(2 * many, atOnce, most - from);
      const bytes = await this.pages.at(position + from * stride, many * stride, "a number");
      for (let i = 0; i < many; i++) {
        if (!startsWith(bytes, i * stride, tag)) return from + i;
      }
    }
    return most;
  }
}

const single = { value: 0, count: 1, stride: 0 } as const;

function startsWith(bytes: Buffer, at: number, start: Buffer): boolean {
  for (let i = 0; i < start.length; i++) if (bytes[at + i] !== start[i]) return false;
  return true;
}

/** Undefined where it does not end; a negative int64 comes as a number beyond 2^53. */
export function varint(
  bytes: Uint8Array,
  at: number,
): { readonly value: number; readonly length: number } | undefined {
  let value = 0;
  for (let i = 0; i < 10; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, length: i + 1 };
  }
  return undefined;
}

function thrown(error: Error): never {
  throw error;
}
