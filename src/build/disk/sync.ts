import { closeSync, fsyncSync, openSync } from "node:fs";

/** Returns when the disk holds what was written to the file. */
export function syncFile(file: string): void {
  const descriptor = openSync(file, "r+");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** The same for the names in a folder. Windows and some network disks know no such thing. */
export function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (!["EINVAL", "ENOTSUP", "ENOSYS", "EBADF"].includes(code)) throw error;
  } finally {
    closeSync(descriptor);
  }
}
