import { damaged } from "../damage.js";
import { Cursor } from "./cursor.js";
import type { Hdf5, Message } from "./file.js";
import { unsupported } from "./unsupported.js";

export const messageType = {
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  oldFillValue: 0x04,
  fillValue: 0x05,
  link: 0x06,
  externalFiles: 0x07,
  layout: 0x08,
  filters: 0x0b,
  attribute: 0x0c,
  continuation: 0x10,
  symbolTable: 0x11,
  attributeInfo: 0x15,
} as const;

/** Of others nothing is kept. */
const isUsed: ReadonlySet<number> = new Set(Object.values(messageType));

/** Of one object's header. */
const mostBytes = 1 << 24;

/** A group or a dataset: what its header says of it. */
export class HdfObject {
  private constructor(
    readonly file: Hdf5,
    /** As messages name it. */
    readonly path: string,
    /** One and the same for all objects at its place in the file. */
    readonly messages: readonly Message[],
  ) {}

  /** HDF5 file format specification, IV.A.1. */
  static async read(file: Hdf5, address: number, path: string): Promise<HdfObject> {
    const messages = await file.header(address, () => readMessages(file, address, path));
    return new HdfObject(file, path, messages);
  }

  all(type: number): readonly Message[] {
    return this.messages.filter((message) => message.type === type);
  }

  /** @throws InceptError `weights/unreadable` for one that is shared with other objects */
  find(type: number): Cursor | undefined {
    const message = this.messages.find((one) => one.type === type);
    if (message === undefined) return undefined;
    if (message.shared) throw unsupported(this.file.name, `${this.path} with a named type`);
    return this.open(message);
  }

  open({ bytes }: Message): Cursor {
    return new Cursor(bytes, this.file.name, `the header of ${this.path}`);
  }
}

/** Where messages are: the header itself, and what continues it. */
interface Block {
  readonly begin: number;
  readonly length: number;
}

async function readMessages(file: Hdf5, address: number, path: string): Promise<Message[]> {
  const what = `the header of ${path}`;
  const start = await file.cursorUpTo(address, 64, what);
  const isNew = start.u8() === "O".charCodeAt(0);
  const { first, hasOrder } = isNew ? newHeader(start, address) : oldHeader(start, address);
  const messages: Message[] = [];
  const blocks = [first];
  const seen = new Set([first.begin]);
  let total = 0;
  for (let block = blocks.pop(); block !== undefined; block = blocks.pop()) {
    total += block.length;
    if (total > mostBytes) throw damaged(file.name, `${what} has ${total} bytes`);
    file.take("bytes in headers", block.length);
    const cursor = await file.cursor(block.begin, block.length, what);
    for (const message of messagesOf(cursor, isNew, hasOrder)) {
      file.count();
      if (message.type !== messageType.continuation) {
        // A view would hold all of what was read with it in memory.
        if (isUsed.has(message.type))
          messages.push({ ...message, bytes: Buffer.from(message.bytes) });
        continue;
      }
      const next = new Cursor(message.bytes, file.name, what);
      const more = continued({ begin: next.size(), length: next.size() }, isNew);
      if (seen.has(more.begin)) throw damaged(file.name, `${what} continues in a circle`);
      seen.add(more.begin);
      if (isNew) (await file.cursor(more.begin - 4, 4, what)).expect("OCHK");
      blocks.push(more);
    }
  }
  return messages;
}

interface Header {
  readonly first: Block;
  readonly hasOrder: boolean;
}

function oldHeader(cursor: Cursor, address: number): Header {
  cursor.at = 0;
  cursor.version(1);
  cursor.skip(7);
  return { first: { begin: address + 16, length: cursor.u32() }, hasOrder: false };
}

function newHeader(cursor: Cursor, address: number): Header {
  cursor.at = 0;
  cursor.expect("OHDR");
  cursor.version(2);
  const flags = cursor.u8();
  if ((flags & 0x20) !== 0) cursor.skip(16);
  if ((flags & 0x10) !== 0) cursor.skip(4);
  const length = cursor.sized(1 << (flags & 3));
  return { first: { begin: address + cursor.at, length }, hasOrder: (flags & 4) !== 0 };
}

/** Between a signature and a checksum, in new headers. */
const continued = ({ begin, length }: Block, isNew: boolean): Block =>
  isNew ? { begin: begin + 4, length: Math.max(0, length - 8) } : { begin, length };

function* messagesOf(cursor: Cursor, isNew: boolean, hasOrder: boolean): Generator<Message> {
  const head = isNew ? (hasOrder ? 6 : 4) : 8;
  while (cursor.left >= head) {
    const type = isNew ? cursor.u8() : cursor.u16();
    const size = cursor.u16();
    const flags = cursor.u8();
    cursor.skip(isNew ? (hasOrder ? 2 : 0) : 3);
    yield { type, shared: (flags & 2) !== 0, bytes: cursor.take(size) };
  }
}
