import { damaged } from "../damage.js";
import { unsupported } from "./unsupported.js";

/** All bits set: there is nothing there. */
const undefinedAddress = (1n << 64n) - 1n;

/** Reads the fields of one record of an HDF5 file, which are little-endian, one after the other. */
export class Cursor {
  at = 0;

  /**
   * @param file as messages name it
   * @param what the record as messages name it
   */
  constructor(
    private readonly bytes: Buffer,
    private readonly file: string,
    private readonly what: string,
  ) {}

  get left(): number {
    return this.bytes.length - this.at;
  }

  u8(): number {
    return this.take(1).readUInt8();
  }

  u16(): number {
    return this.take(2).readUInt16LE();
  }

  u32(): number {
    return this.take(4).readUInt32LE();
  }

  /** A number of 1, 2, 4 or 8 bytes. */
  sized(bytes: number): number {
    return bytes === 8 ? this.size() : this.take(bytes).readUIntLE(0, bytes);
  }

  /** @throws InceptError `weights/damaged` for 2^53 and more */
  size(): number {
    const value = this.take(8).readBigUInt64LE();
    if (value <= Number.MAX_SAFE_INTEGER) return Number(value);
    throw damaged(this.file, `${this.what} speaks of ${value} bytes`);
  }

  /** Where something is in the file; undefined where it is nowhere. */
  address(): number | undefined {
    const value = this.take(8).readBigUInt64LE();
    if (value === undefinedAddress) return undefined;
    if (value <= Number.MAX_SAFE_INTEGER) return Number(value);
    throw damaged(this.file, `${this.what} points to byte ${value}`);
  }

  /** @throws InceptError `weights/damaged` where the record ends before */
  take(length: number): Buffer {
    if (length > this.left) throw damaged(this.file, `${this.what} ends too early`);
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  /** A record within this one. */
  sub(length: number): Cursor {
    return new Cursor(this.take(length), this.file, this.what);
  }

  skip(length: number): void {
    this.take(length);
  }

  /** Steps over what fills a record of 8 bytes, counted from where the cursor began. */
  pad(): void {
    this.skip((8 - (this.at % 8)) % 8);
  }

  text(length: number): string {
    return this.take(length).toString("utf8");
  }

  /** @throws InceptError `weights/damaged` unless these characters come next */
  expect(signature: string): void {
    if (this.take(signature.length).toString("latin1") === signature) return;
    throw damaged(this.file, `${this.what} does not begin with ${signature}`);
  }

  /** @throws InceptError `weights/unreadable` unless the version that comes next is one of these */
  version(...known: readonly number[]): number {
    const version = this.u8();
    if (known.includes(version)) return version;
    throw unsupported(this.file, `${this.what} of version ${version}`);
  }
}
