import type { FileHandle } from "node:fs/promises";
import { InceptError } from "../diagnostics/incept-error.js";
import { cannotRead, type Named, nameOf } from "../files/failure.js";
import { openRegular } from "../files/open.js";

/** Bytes that are read by ranges: of a checkpoint larger than memory, only those that are needed. */
export interface ByteSource {
  /** As messages name it. */
  readonly name: string;
  readonly size: number;
  /** Of bytes that are a whole file, which this process has open. */
  readonly descriptor?: number;
  /** Fills `into` with what starts at `position`. */
  read(into: Uint8Array, position: number): Promise<void>;
  close(): Promise<void>;
}

/** One call of the system reads at most 2 GiB less a page; Node takes lengths of 31 bits. */
const mostAtOnce = 1 << 28;

export class FileBytes implements ByteSource {
  readonly name: string;

  private constructor(
    private readonly file: Named,
    private readonly handle: FileHandle,
    readonly size: number,
  ) {
    this.name = nameOf(file);
  }

  /** @throws InceptError `file/not-found`, `file/not-a-file`, `file/unreadable`, `file/too-large` */
  static async open(file: Named): Promise<FileBytes> {
    const handle = await openRegular(file);
    const { size } = await handle.stat();
    if (Number.isSafeInteger(size)) return new FileBytes(file, handle, size);
    await handle.close();
    throw new InceptError("file/too-large", `${nameOf(file)} holds 2^53 bytes or more.`);
  }

  get descriptor(): number {
    return this.handle.fd;
  }

  async read(into: Uint8Array, position: number): Promise<void> {
    let filled = 0;
    while (filled < into.length) {
      const length = Math.min(into.length - filled, mostAtOnce);
      const { bytesRead } = await this.handle
        .read(into, filled, length, position + filled)
        .catch((cause) => {
          throw cannotRead(this.file, cause);
        });
      if (bytesRead === 0) {
        throw new InceptError(
          "weights/truncated",
          `${this.name} became shorter while it was read.`,
        );
      }
      filled += bytesRead;
    }
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}

/** What a caller holds in memory. */
export class MemoryBytes implements ByteSource {
  constructor(
    readonly name: string,
    private readonly bytes: Uint8Array,
  ) {}

  get size(): number {
    return this.bytes.length;
  }

  read(into: Uint8Array, position: number): Promise<void> {
    into.set(this.bytes.subarray(position, position + into.length));
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** A part of other bytes, which stay open when it is closed. */
export class Window implements ByteSource {
  constructor(
    private readonly of: Pick<ByteSource, "read">,
    readonly name: string,
    private readonly start: number,
    readonly size: number,
  ) {}

  read(into: Uint8Array, position: number): Promise<void> {
    return this.of.read(into, this.start + position);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
