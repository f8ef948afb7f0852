/** What is no pickle, or asks for more than a checkpoint would. `at` is an offset in its bytes. */
export class PickleMistake extends Error {
  constructor(
    message: string,
    readonly at: number,
  ) {
    super(message);
  }
}

/** Thrown where the bytes end within a pickle: more of them may help. */
export class PickleEnds extends PickleMistake {}

/** No name of a class and no number is as long. */
const longestLine = 1 << 16;

/** Reads the arguments of opcodes, little-endian, from left to right. */
export class PickleBytes {
  #at: number;
  readonly #view: DataView;

  constructor(
    private readonly bytes: Uint8Array,
    start: number,
  ) {
    this.#at = start;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get at(): number {
    return this.#at;
  }

  mistake(message: string): PickleMistake {
    return new PickleMistake(message, this.#at);
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  i32(): number {
    return this.#view.getInt32(this.#take(4), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  /** A length: what no file holds is the nearest double. */
  u64(): number {
    return Number(this.#view.getBigUint64(this.#take(8), true));
  }

  /** The one number that pickles have the other way round. */
  f64(): number {
    return this.#view.getFloat64(this.#take(8), false);
  }

  /** A view, not a copy. */
  take(length: number): Uint8Array {
    const from = this.#take(length);
    return this.bytes.subarray(from, from + length);
  }

  text(length: number): string {
    const { buffer, byteOffset, byteLength } = this.take(length);
    return Buffer.from(buffer, byteOffset, byteLength).toString("utf8");
  }

  /** Up to a line feed, which is read too. */
  line(): string {
    const rest = this.bytes.subarray(this.#at, this.#at + longestLine);
    const length = rest.indexOf(0x0a);
    if (length === -1 && rest.length === longestLine) throw this.mistake("a line without an end");
    if (length === -1) throw this.#ends();
    const text = this.text(length);
    this.#at++;
    return text;
  }

  /** Two's complement. */
  integer(length: number): number | bigint {
    if (length > longestInteger) throw this.mistake(`an integer of ${length} bytes`);
    const bytes = this.take(length);
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
    if (length > 0 && bytes[length - 1]! >= 0x80) value -= 1n << BigInt(8 * length);
    return shortened(value);
  }

  #take(length: number): number {
    if (length < 0) throw this.mistake(`a length of ${length}`);
    if (this.#at + length > this.bytes.length) throw this.#ends();
    const from = this.#at;
    this.#at += length;
    return from;
  }

  #ends(): PickleEnds {
    return new PickleEnds("the end of the bytes", this.#at);
  }
}

/** Seeds and hashes are of some dozen bytes. */
const longestInteger = 1 << 10;

/** A number where it holds the value. */
export const shortened = (value: bigint): number | bigint => {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
};
