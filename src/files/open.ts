/**
 * Opens files that a person named. Only a regular file will do: a pipe makes its reader wait for a
 * writer, and a device need never end.
 */
import { closeSync, constants, fstatSync, openSync, statSync } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { cannotRead, type Named, requireRegular } from "./failure.js";

/** Not even the opening waits. Windows lacks the flag, and has no pipes among its files. */
const flags = constants.O_RDONLY | constants.O_NONBLOCK;

/**
 * An open regular file, for what is read piece by piece; the caller closes it.
 *
 * @throws InceptError `file/not-found`, `file/not-a-file` or `file/unreadable`
 */
export async function openRegular(file: Named): Promise<FileHandle> {
  try {
    // Looked at before too, since opening alone wakes a pipe's writer and starts some devices.
    requireRegular(file, await stat(file.path));
    const handle = await open(file.path, flags);
    try {
      requireRegular(file, await handle.stat());
      return handle;
    } catch (error) {
      await handle.close();
      throw error;
    }
  } catch (cause) {
    throw cannotRead(file, cause);
  }
}

/** `openRegular` for the compiler, which is synchronous: gives the descriptor. */
export function openRegularSync(file: Named): number {
  try {
    requireRegular(file, statSync(file.path));
    const descriptor = openSync(file.path, flags);
    try {
      requireRegular(file, fstatSync(descriptor));
      return descriptor;
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  } catch (cause) {
    throw cannotRead(file, cause);
  }
}
