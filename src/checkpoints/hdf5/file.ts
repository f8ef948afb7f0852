import { damaged } from "../damage.js";
import type { Pages } from "../pages.js";
import { Cursor } from "./cursor.js";

/** Where an object of a heap is. */
export interface HeapObject {
  readonly begin: number;
  readonly length: number;
}

/** The objects of one collection of a heap by their numbers. */
export type Collection = ReadonlyMap<number, HeapObject>;

/** Records that a file may have in all; one of Keras has some dozens a layer. */
const mostRecords = 1 << 20;

/** An HDF5 file while its directory is read. */
export class Hdf5 {
  #left = mostRecords;
  readonly #collections = new Map<number, Collection>();

  constructor(readonly pages: Pages) {}

  get name(): string {
    return this.pages.name;
  }

  /** Counts a record, so that none of those that point to each other is followed for ever. */
  count(): void {
    if (this.#left-- === 0) throw damaged(this.name, `it has over ${mostRecords} records`);
  }

  /** The texts of a heap, which many attributes share, are listed once. */
  async collection(
    address: number,
    read: (file: Hdf5, address: number) => Promise<Collection>,
  ): Promise<Collection> {
    const known = this.#collections.get(address) ?? (await read(this, address));
    this.#collections.set(address, known);
    return known;
  }

  async cursor(address: number, length: number, what: string): Promise<Cursor> {
    this.count();
    return new Cursor(await this.pages.at(address, length, what), this.name, what);
  }

  over(bytes: Buffer, what: string): Cursor {
    return new Cursor(bytes, this.name, what);
  }

  /** The record that is there and whose end is not known yet: as far as the file goes. */
  cursorUpTo(address: number, most: number, what: string): Promise<Cursor> {
    const length = Math.max(1, Math.min(most, this.pages.size - address));
    return this.cursor(address, length, what);
  }
}
