/** HDF5 files that no library writes, record by record; without the checksums, which are not read. */
import type { ByteSource } from "../../../src/checkpoints/bytes.js";
import { messageType } from "../../../src/checkpoints/hdf5/object.js";

export const u16 = (value: number): Buffer => Buffer.from([value & 255, value >> 8]);

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

export function u64(value: number | bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

const nowhere = u64(2n ** 64n - 1n);

/** A message of an object's header, of version 2. */
export const message = (type: number, ...body: readonly Buffer[]): Buffer => {
  const bytes = Buffer.concat(body);
  return Buffer.concat([Buffer.from([type]), u16(bytes.length), Buffer.from([0]), bytes]);
};

export const link = (name: string, address: number): Buffer =>
  message(messageType.link, Buffer.from([1, 1]), u16(name.length), Buffer.from(name), u64(address));

const fixedText = (width: number): Buffer =>
  Buffer.concat([Buffer.from([0x13, 0, 0, 0]), u32(width)]);

const heapText = Buffer.concat([Buffer.from([0x19, 1, 0, 0]), u32(16)]);

const space = (...sizes: readonly number[]): Buffer =>
  Buffer.concat([Buffer.from([2, sizes.length, 0, 1]), ...sizes.map(u64)]);

function attribute(name: string, type: Buffer, count: number, values: Buffer): Buffer {
  const sizes = space(count);
  const bytes = Buffer.from(`${name}\0`);
  return message(
    messageType.attribute,
    Buffer.from([3, 0]),
    ...[bytes, type, sizes].map(({ length }) => u16(length)),
    Buffer.from([0]),
    bytes,
    type,
    sizes,
    values,
  );
}

/** An attribute of texts that stand in it. */
export function texts(name: string, ...values: readonly string[]): Buffer {
  const width = Math.max(1, ...values.map(({ length }) => length));
  const padded = values.map((value) => Buffer.from(value.padEnd(width, "\0")));
  return attribute(name, fixedText(width), values.length, Buffer.concat(padded));
}

/** An attribute of texts that are all the first object of a heap. */
export const heapTexts = (name: string, count: number, length: number, heap: number): Buffer => {
  const one = Buffer.concat([u32(length), u64(heap), u32(1)]);
  return attribute(name, heapText, count, Buffer.concat(Array.from({ length: count }, () => one)));
};

/** A heap of one object. */
export const heapOf = (text: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from("GCOL\x01\0\0\0"),
    u64(32 + text.length),
    Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]),
    u64(text.length),
    text,
  ]);

/** What says of an object that it is an array of f32. */
export const floats = (...shape: readonly number[]): Buffer =>
  Buffer.concat([
    message(messageType.dataspace, space(...shape)),
    message(
      messageType.datatype,
      Buffer.from([0x11, 0x20, 0, 0]),
      u32(4),
      u16(0),
      u16(32),
      Buffer.from([23, 8, 0, 23]),
      u32(127),
    ),
  ]);

/** What says of an array that it is in chunks of these sizes, which a tree lists. */
export const chunks = (tree: number, ...sizes: readonly number[]): Buffer =>
  message(
    messageType.layout,
    Buffer.from([3, 2, sizes.length + 1]),
    u64(tree),
    ...sizes.map(u32),
    u32(4),
  );

export const filters = (...ids: readonly number[]): Buffer =>
  message(
    messageType.filters,
    Buffer.from([2, ids.length]),
    ...ids.flatMap((id) => [u16(id), u16(0), u16(0)]),
  );

interface Chunk {
  readonly begin: readonly number[];
  readonly address: number;
  readonly bytes: number;
}

/** A tree that is one leaf. */
export const leaf = (...listed: readonly Chunk[]): Buffer =>
  Buffer.concat([
    Buffer.from("TREE\x01\0"),
    u16(listed.length),
    nowhere,
    nowhere,
    ...listed.flatMap(({ begin, address, bytes }) => [
      u32(bytes),
      u32(0),
      ...begin.map(u64),
      u64(0),
      u64(address),
    ]),
  ]);

/** Nothing, in that many bytes. */
export const padding = (bytes: number): Buffer => {
  const many = Array.from({ length: Math.ceil(bytes / 65_000) }, () =>
    message(0, Buffer.alloc(65_000)),
  );
  return Buffer.concat(many);
};

export const object = (...messages: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(messages);
  return Buffer.concat([Buffer.from("OHDR\x02\x02"), u32(body.length), body, Buffer.alloc(4)]);
};

/** What a header goes on in. */
export const continuation = (...messages: readonly Buffer[]): Buffer =>
  Buffer.concat([Buffer.from("OCHK"), ...messages, Buffer.alloc(4)]);

/** A file as it grows: from its leaves to its root. */
export class Writing {
  readonly #parts: Buffer[] = [Buffer.alloc(48)];
  #end = 48;

  /** Where it comes to stand. */
  add(part: Buffer): number {
    this.#parts.push(part);
    this.#end += part.length;
    return this.#end - part.length;
  }

  /** @param root where the root group is */
  done(root: number): Counted {
    const superblock = Buffer.concat([
      Buffer.from("\x89HDF\r\n\x1a\n\x02\x08\x08\0", "latin1"),
      u64(0),
      nowhere,
      u64(this.#end),
      u64(root),
      Buffer.alloc(4),
    ]);
    return new Counted(Buffer.concat([superblock, ...this.#parts.slice(1)]));
  }
}

/** Counts the bytes that are read of it. */
export class Counted implements ByteSource {
  readonly name = "w.h5";
  bytesRead = 0;

  constructor(readonly bytes: Buffer) {}

  get size(): number {
    return this.bytes.length;
  }

  read(into: Uint8Array, position: number): Promise<void> {
    this.bytesRead += into.length;
    into.set(this.bytes.subarray(position, position + into.length));
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** A `.weights.h5` of one layer, whose variables are these objects. */
export function stored(file: Writing, variables: readonly number[]): Counted {
  const vars = file.add(object(...variables.map((at, i) => link(`${i}`, at))));
  const dense = file.add(object(link("vars", vars)));
  const layers = file.add(object(link("dense", dense)));
  return file.done(file.add(object(link("layers", layers))));
}
