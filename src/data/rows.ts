/** Files of rows of equal length, of which any is read by itself. */
import type { FileHandle } from "node:fs/promises";
import { counted } from "../diagnostics/counted.js";
import { InceptError } from "../diagnostics/incept-error.js";
import { cannotRead, type Named, nameOf } from "../files/failure.js";
import { openRegular } from "../files/open.js";

/** As many first bytes say how they lie. */
const headBytes = 64;

/** Where the rows lie. */
export interface RowLayout {
  /** Bytes before the first. */
  readonly offset: number;
  readonly rowBytes: number;
  readonly count: number;
}

/** Rows, wherever they lie. */
export interface Rows {
  /** As messages name the file. */
  readonly name: string;
  readonly count: number;
  /** @throws InceptError `data/changed` where the file is not what it was, and of `file/` */
  read(row: number): Promise<Buffer>;
  /** Goes through all of them, a bounded part of a file in memory. Throws as `read`. */
  each(visit: (row: Buffer, index: number) => void): Promise<void>;
}

/** What tells one state of a file from another. */
interface Stamp {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ino: number;
}

/** As many bytes are read at a time where all of a file is gone through. */
const chunkBytes = 1 << 20;

/**
 * A file on disk. It is open while somebody reads it: nobody has to close it, and a file that is
 * another one by then is told.
 */
export class RowFile implements Rows {
  private handle: Promise<FileHandle> | undefined;
  private readers = 0;

  private constructor(
    private readonly file: Named,
    private readonly stamp: Stamp,
    private readonly layout: RowLayout,
  ) {}

  /**
   * @param layoutOf says how the rows lie, of the file's size and first bytes; throws where they are
   *   none
   * @throws InceptError `file/not-found`, `file/not-a-file`, `file/unreadable`, and what `layoutOf` throws
   */
  static async open(
    file: Named,
    layoutOf: (size: number, head: Buffer) => RowLayout,
  ): Promise<RowFile> {
    const handle = await openRegular(file);
    try {
      const { size, mtimeMs, ino } = await handle.stat();
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
      const layout = layoutOf(size, buffer.subarray(0, bytesRead));
      return new RowFile(file, { size, mtimeMs, ino }, layout);
    } catch (cause) {
      throw cannotRead(file, cause);
    } finally {
      await handle.close();
    }
  }

  get name(): string {
    return nameOf(this.file);
  }

  get count(): number {
    return this.layout.count;
  }

  read(row: number): Promise<Buffer> {
    const { offset, rowBytes } = this.layout;
    return this.use((handle) => this.bytes(handle, offset + row * rowBytes, rowBytes));
  }

  each(visit: (row: Buffer, index: number) => void): Promise<void> {
    const { offset, rowBytes, count } = this.layout;
    const step = Math.max(1, Math.floor(chunkBytes / rowBytes));
    return this.use(async (handle) => {
      for (let first = 0; first < count; first += step) {
        const rows = Math.min(step, count - first);
        const bytes = await this.bytes(handle, offset + first * rowBytes, rows * rowBytes);
        for (let i = 0; i < rows; i++) {
          visit(bytes.subarray(i * rowBytes, (i + 1) * rowBytes), first + i);
        }
      }
    });
  }

  private async bytes(handle: FileHandle, position: number, length: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(length);
    let read = 0;
    while (read < length) {
      const { bytesRead } = await handle.read(bytes, read, length - read, position + read);
      if (bytesRead === 0) throw this.changed((await handle.stat()).size);
      read += bytesRead;
    }
    return bytes;
  }

  /** Several readers share one handle; the last one closes it. */
  private async use<R>(work: (handle: FileHandle) => Promise<R>): Promise<R> {
    this.readers++;
    this.handle ??= this.reopen();
    const { handle } = this;
    try {
      return await work(await handle);
    } catch (cause) {
      throw cannotRead(this.file, cause);
    } finally {
      this.readers--;
      if (this.readers === 0) {
        this.handle = undefined;
        await handle.then(
          (opened) => opened.close(),
          () => undefined,
        );
      }
    }
  }

  private async reopen(): Promise<FileHandle> {
    const handle = await openRegular(this.file);
    const { size, mtimeMs, ino } = await handle.stat();
    const { stamp } = this;
    if (size === stamp.size && mtimeMs === stamp.mtimeMs && ino === stamp.ino) return handle;
    await handle.close();
    throw this.changed(size);
  }

  private changed(size: number): InceptError {
    const was = counted(this.stamp.size, "byte");
    const is =
      size === this.stamp.size
        ? "has other contents by now"
        : `has ${size.toLocaleString("en-US")} by now`;
    return new InceptError(
      "data/changed",
      `${this.name} was changed while it is trained on: it had ${was} and ${is}.`,
      { help: "train again when nobody writes it any more" },
    );
  }
}

/** What a file held, in memory. */
export class MemoryRows implements Rows {
  private constructor(
    readonly name: string,
    private readonly bytes: Buffer,
    private readonly layout: RowLayout,
  ) {}

  /** @param layoutOf as `RowFile.open` takes it */
  static of(
    file: Named,
    bytes: Buffer,
    layoutOf: (size: number, head: Buffer) => RowLayout,
  ): MemoryRows {
    return new MemoryRows(
      nameOf(file),
      bytes,
      layoutOf(bytes.length, bytes.subarray(0, headBytes)),
    );
  }

  get count(): number {
    return this.layout.count;
  }

  read(row: number): Promise<Buffer> {
    return Promise.resolve(this.row(row));
  }

  each(visit: (row: Buffer, index: number) => void): Promise<void> {
    for (let i = 0; i < this.count; i++) visit(this.row(i), i);
    return Promise.resolve();
  }

  private row(index: number): Buffer {
    const { offset, rowBytes } = this.layout;
    const first = offset + index * rowBytes;
    return this.bytes.subarray(first, first + rowBytes);
  }
}
