import { InceptError } from "../diagnostics/incept-error.js";
import { allocate } from "../files/allocate.js";
import type { ByteSource } from "./bytes.js";

/** What is no longer than a page is read through them. */
export const pageBytes = 1 << 14;
const mostPages = 64;

/**
 * Small reads here and there of a file's structure, through pages that are kept for a while: a
 * directory of thousands of records costs a few reads, and no more memory than the pages.
 */
export class Pages {
  /** In the order of their last use. */
  readonly #kept = new Map<number, Buffer>();

  constructor(readonly source: ByteSource) {}

  get name(): string {
    return this.source.name;
  }

  get size(): number {
    return this.source.size;
  }

  /**
   * The bytes of a place, which the caller does not change.
   *
   * @param what is there, as messages name it
   * @throws InceptError `weights/truncated` where the file ends before them
   */
  async at(position: number, length: number, what: string): Promise<Buffer> {
    this.require(position, length, what);
    if (length > pageBytes) return this.#read(position, length, what);
    const first = Math.floor(position / pageBytes);
    const from = position - first * pageBytes;
    const page = await this.#page(first, what);
    if (from + length <= pageBytes) return page.subarray(from, from + length);
    const next = await this.#page(first + 1, what);
    return Buffer.concat([page.subarray(from), next.subarray(0, from + length - pageBytes)]);
  }

  /** @throws InceptError `weights/truncated` where the file ends before the end of a place */
  require(position: number, length: number, what: string): void {
    if (position >= 0 && length >= 0 && position + length <= this.size) return;
    throw new InceptError(
      "weights/truncated",
      `${this.name} holds ${this.size} bytes, and ${what} would end at ${position + length}.`,
      { help: "was it copied whole?" },
    );
  }

  async #page(index: number, what: string): Promise<Buffer> {
    const start = index * pageBytes;
    const page =
      this.#kept.get(index) ??
      (await this.#read(start, Math.min(pageBytes, this.size - start), what));
    this.#kept.delete(index);
    this.#kept.set(index, page);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > mostPages && oldest !== undefined) this.#kept.delete(oldest);
    return page;
  }

  async #read(position: number, length: number, what: string): Promise<Buffer> {
    const { buffer } = allocate(Uint8Array, length, `${this.name}: ${what}`);
    const bytes = Buffer.from(buffer);
    await this.source.read(bytes, position);
    return bytes;
  }
}
