/**
 * Finds out before a long work whether its results can be written where they are to go. A mode says
 * little: the disk may be read-only, or a network's that root may not write. So it is tried, with a
 * file that is gone at once.
 */
import { randomBytes } from "node:crypto";
import { existsSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { InceptError } from "../../diagnostics/incept-error.js";
import { shownPath } from "../../files/display.js";
import { realPath } from "../../files/real-path.js";
import { whileWriting } from "./files.js";

/**
 * For a folder that will be made where it is absent; nothing is made yet.
 *
 * @throws InceptError `file/cannot-write`
 */
export function tryFolder(directory: string): Promise<void> {
  let there = resolve(directory);
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  return tryIn(there);
}

/**
 * For a file in a folder that is there. Devices and pipes are not tried: they take what they are given.
 *
 * @throws InceptError `file/cannot-write`
 */
export async function tryFile(path: string): Promise<void> {
  const file = await whileWriting(resolve(path), () => realPath(path));
  const present = await whileWriting(file, () => statSync(file, { throwIfNoEntry: false }));
  if (present?.isDirectory() === true) {
    const why = "a folder stands in its place";
    throw new InceptError("file/cannot-write", `${shownPath(path)} cannot be written: ${why}.`, {
      help: "name a file",
    });
  }
  if (present === undefined || present.isFile()) await tryIn(dirname(file));
}

const tryIn = (folder: string): Promise<void> =>
  whileWriting(folder, () => {
    const file = join(folder, `.inceptc-${randomBytes(4).toString("hex")}.tmp`);
    writeFileSync(file, "", { flag: "wx" });
    rmSync(file);
  });
