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

/** One message of an object's header. */
export interface Message {
  readonly type: number;
  /** It stands elsewhere in the file, and other objects have it too. */
  readonly shared: boolean;
  readonly bytes: Buffer;
}

/** What may be read of a file in all: many names may lead to one place, and each reads it. */
const most = {
  /** One of Keras has some dozens a layer. */
  records: 1 << 20,
  /** In headers; one of Keras has less than a kilobyte an object, and 64 of them in a list. */
  "bytes in headers": 1 << 26,
  /** In attributes; the description of a network of a thousand layers has a megabyte. */
  "bytes of text": 1 << 26,
};

/** An HDF5 file while its directory is read. */
export class Hdf5 {
  readonly #left = { ...most };
  readonly #collections = new Map<number, Collection>();
  readonly #headers = new Map<number, readonly Message[]>();

  constructor(readonly pages: Pages) {}

  get name(): string {
    return this.pages.name;
  }

  /** Counts records, so that none of those that point to each other is followed for ever. */
  count(records = 1): void {
    this.take("records", records);
  }

  /** @throws InceptError `weights/damaged` where the file has had more than there may be */
  take(what: keyof typeof most, amount: number): void {
    this.#left[what] -= amount;
    if (this.#left[what] < 0) throw damaged(this.name, `it has over ${most[what]} ${what}`);
  }

  /** The texts of a heap, which many attributes share, are listed once. */
  collection(address: number, read: () => Promise<Collection>): Promise<Collection> {
    return once(this.#collections, address, read);
  }

  /** The messages of an object, which may have many names, are read once. */
  header(address: number, read: () => Promise<readonly Message[]>): Promise<readonly Message[]> {
    return once(this.#headers, address, read);
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

async function once<T>(known: Map<number, T>, address: number, read: () => Promise<T>): Promise<T> {
  const found = known.get(address) ?? (await read());
  known.set(address, found);
  return found;
}
