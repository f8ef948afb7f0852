/** Reads whole files that a person named, of bounded size. */
import { closeSync, fstatSync, readSync, type Stats } from "node:fs";
import { InceptError } from "../diagnostics/incept-error.js";
import { cannotRead, type Named, nameOf, tooLarge } from "./failure.js";
import { openRegular, openRegularSync } from "./open.js";

export interface Bounded extends Named {
  /** Larger files are refused before they are read. */
  readonly maxBytes: number;
}

/**
 * The bytes of a regular file.
 *
 * @throws InceptError `file/not-found`, `file/not-a-file`, `file/unreadable`, `file/too-large`, or
 *   `file/changed` where somebody writes the file meanwhile
 */
export async function readRegular(file: Bounded): Promise<Buffer> {
  const handle = await openRegular(file);
  try {
    const content = new Content(file, await handle.stat());
    for (;;) {
      const room = content.room();
      const { bytesRead } = await handle.read(room);
      if (bytesRead === 0) return content.whole(await handle.stat());
      content.add(room.subarray(0, bytesRead));
    }
  } catch (cause) {
    throw cannotRead(file, cause);
  } finally {
    await handle.close();
  }
}

/** `readRegular` for the compiler, which is synchronous. */
export function readRegularSync(file: Bounded): Buffer {
  const descriptor = openRegularSync(file);
  try {
    const content = new Content(file, fstatSync(descriptor));
    for (;;) {
      const room = content.room();
      const bytesRead = readSync(descriptor, room);
      if (bytesRead === 0) return content.whole(fstatSync(descriptor));
      content.add(room.subarray(0, bytesRead));
    }
  } catch (cause) {
    throw cannotRead(file, cause);
  } finally {
    closeSync(descriptor);
  }
}

const leastRoom = 64 * 1024;

/** What has been read of a file. Its size is a hint: it may grow, and some claim to have none. */
class Content {
  private readonly chunks: Buffer[] = [];
  private total = 0;

  constructor(
    private readonly file: Bounded,
    private readonly before: Stats,
  ) {
    if (before.size > file.maxBytes) throw tooLarge(file, before.size, file.maxBytes);
  }

  /** For what may still come, and a byte more: the end is only known by reading past it. */
  room(): Buffer {
    const expected = Math.max(leastRoom, this.before.size - this.total);
    return Buffer.allocUnsafe(Math.min(expected, this.file.maxBytes - this.total) + 1);
  }

  add(chunk: Buffer): void {
    this.total += chunk.length;
    if (this.total > this.file.maxBytes) throw tooLarge(this.file, this.total, this.file.maxBytes);
    this.chunks.push(chunk);
  }

  /** A file written meanwhile is part old, part new. */
  whole(after: Stats): Buffer {
    const { before, file } = this;
    if (before.size !== after.size || before.mtimeMs !== after.mtimeMs) {
      throw new InceptError("file/changed", `${nameOf(file)} changed while it was read.`, {
        help: "try again when nothing writes it",
      });
    }
    const [only] = this.chunks;
    return this.chunks.length === 1 && only !== undefined ? only : Buffer.concat(this.chunks);
  }
}
