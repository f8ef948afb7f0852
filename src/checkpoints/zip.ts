/** Zip archives, whose directory yauzl reads; entries are read by ranges, like files. */
import { promisify } from "node:util";
import { crc32, inflateRaw } from "node:zlib";
import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from "yauzl";
import { counted } from "../diagnostics/counted.js";
import { InceptError } from "../diagnostics/incept-error.js";
import { visible, visibleName } from "../diagnostics/visible.js";
import { allocate } from "../files/allocate.js";
import { type ByteSource, MemoryBytes, Window } from "./bytes.js";

/** Weights hardly shrink: what would unpack to more is made to fill memory. */
const mostUnpacked = (bytes: number): number => 64 * 2 ** 20 + 20 * bytes;

/** A network of a thousand layers, and what its optimizer keeps of each, has a tenth of it. */
const mostEntries = 100_000;

export class ZipArchive {
  private constructor(
    private readonly source: ByteSource,
    private readonly directory: ZipFile,
    private readonly entries: ReadonlyMap<string, Entry>,
  ) {}

  /**
   * Reads the directory. The source stays open, and stays the caller's.
   *
   * @throws InceptError `weights/damaged` for what is damaged, or would unpack to too much
   */
  static async open(source: ByteSource): Promise<ZipArchive> {
    const options = { lazyEntries: true, autoClose: false };
    const entries = new Map<string, Entry>();
    try {
      const reader = new Reader(source);
      const directory = await fromRandomAccessReaderPromise(reader, source.size, options);
      if (directory.entryCount > mostEntries) {
        throw damaged(
          source.name,
          `it claims ${counted(directory.entryCount, "entry", "entries")}`,
        );
      }
      for await (const entry of directory.eachEntry()) {
        const name = entry.fileName;
        if (entries.has(name)) throw damaged(source.name, `it has ${visibleName(name)} twice`);
        entries.set(name, entry);
      }
      requireBounded(source, [...entries.values()]);
      return new ZipArchive(source, directory, entries);
    } catch (cause) {
      throw failure(source.name, cause);
    }
  }

  /** In the order of the directory; those of folders end with a slash. */
  get names(): readonly string[] {
    return [...this.entries.keys()];
  }

  /** Bytes of an entry once it is unpacked; undefined where there is none. */
  sizeOf(name: string): number | undefined {
    return this.entries.get(name)?.uncompressedSize;
  }

  /**
   * The bytes of an entry: of one that is stored as they lie in the archive, of a packed one in memory.
   *
   * @throws RangeError if there is no such entry
   * @throws InceptError `weights/damaged`, `memory/exhausted`
   */
  async bytesOf(name: string): Promise<ByteSource> {
    const entry = this.entries.get(name);
    const what = `${this.source.name}: ${visibleName(name)}`;
    if (entry === undefined) throw new RangeError(`${what} is not there.`);
    if (entry.isEncrypted()) throw damaged(what, "it is encrypted");
    const { fileDataStart } = await this.directory
      .readLocalFileHeaderPromise(entry, { minimal: true })
      .catch((cause) => {
        throw failure(what, cause);
      });
    if (fileDataStart + entry.compressedSize > this.source.size) {
      throw damaged(what, "it goes on past the end of the file");
    }
    const packed = new Window(this.source, what, fileDataStart, entry.compressedSize);
    if (entry.compressionMethod === stored) return packed;
    if (entry.compressionMethod === deflated) return unpacked(packed, entry);
    throw damaged(what, `method ${entry.compressionMethod} of packing it is not known`);
  }
}

const [stored, deflated] = [0, 8];
const inflate = promisify<Uint8Array, { maxOutputLength: number }, Buffer>(inflateRaw);

async function unpacked(packed: ByteSource, entry: Entry): Promise<ByteSource> {
  const bytes = allocate(Uint8Array, packed.size, packed.name);
  await packed.read(bytes, 0);
  // A buffer of no bytes cannot be asked for.
  const options = { maxOutputLength: Math.max(1, entry.uncompressedSize) };
  const whole = await inflate(bytes, options).catch((cause) => {
    throw failure(packed.name, cause);
  });
  if (whole.length !== entry.uncompressedSize || crc32(whole) !== entry.crc32) {
    throw damaged(packed.name, "what it unpacks to is not what was packed");
  }
  return new MemoryBytes(packed.name, whole);
}

function requireBounded({ name, size }: ByteSource, entries: readonly Entry[]): void {
  let total = 0;
  for (const { compressionMethod, compressedSize, uncompressedSize, fileName } of entries) {
    if (compressionMethod !== stored) total += uncompressedSize;
    else if (compressedSize !== uncompressedSize) {
      throw damaged(name, `the sizes of ${visibleName(fileName)} contradict each other`);
    }
  }
  if (total <= mostUnpacked(size)) return;
  throw damaged(name, `its ${counted(size, "byte")} would unpack to ${total}`);
}

const damaged = (name: string, why: string): InceptError =>
  new InceptError("weights/damaged", `${name} is no sound zip archive: ${why}.`, {
    help: "was it copied whole?",
  });

/** What yauzl and zlib say, as an error of ours. */
function failure(name: string, cause: unknown): InceptError {
  if (cause instanceof InceptError) return cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new InceptError("weights/damaged", `${name} is no sound zip archive (${visible(why)}).`, {
    help: "was it copied whole?",
    cause,
  });
}

/** The directory is read in pieces of some ten bytes: more is read at once, and kept. */
const readAhead = 1 << 16;

/** What yauzl reads from. */
class Reader extends RandomAccessReader {
  #start = 0;
  #ahead: Uint8Array = new Uint8Array();

  constructor(private readonly source: ByteSource) {
    super();
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    this.#fill(buffer.subarray(offset, offset + length), position).then(
      () => callback(null, length),
      (error: Error) => callback(error),
    );
  }

  override close(callback: (error: Error | null) => void): void {
    callback(null);
  }

  async #fill(into: Uint8Array, position: number): Promise<void> {
    const { source } = this;
    if (!Number.isSafeInteger(position) || position + into.length > source.size) {
      throw damaged(source.name, "it ends too early");
    }
    if (into.length >= readAhead) return source.read(into, position);
    const end = this.#start + this.#ahead.length;
    if (position < this.#start || position + into.length > end) {
      const ahead = new Uint8Array(Math.min(readAhead, source.size - position));
      await source.read(ahead, position);
      [this.#start, this.#ahead] = [position, ahead];
    }
    const from = position - this.#start;
    into.set(this.#ahead.subarray(from, from + into.length));
  }
}
