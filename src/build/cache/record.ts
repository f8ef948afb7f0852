/**
 * Which builds beside specs this user made: an empty file each, named by the build's key and its
 * marker's hash. There is nothing in it that could be damaged. A build in the user's cache needs
 * none, since nobody else can put one there.
 */
import { lstatSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { distrust } from "../../files/trust.js";
import { namesIn, recordFolder } from "./places.js";

const nameOf = (key: string, markerHash: string): string => `${key}.${markerHash.slice(0, 32)}`;

/** Whether this user built what has this marker. */
export function isMine(key: string, markerHash: string): boolean {
  const file = join(recordFolder(), nameOf(key, markerHash));
  try {
    const stat = lstatSync(file);
    const folder = statSync(recordFolder());
    return (
      stat.isFile() &&
      distrust(file, stat) === undefined &&
      distrust(recordFolder(), folder) === undefined
    );
  } catch {
    return false;
  }
}

/** Notes that this user built it; false where that cannot be written down. */
export function remember(key: string, markerHash: string): boolean {
  const folder = recordFolder();
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, nameOf(key, markerHash)), "", { mode: 0o600 });
  } catch {
    return false;
  }
  return isMine(key, markerHash);
}

/** Forgets the builds of a key, which are being removed. */
export function forget(key: string): void {
  for (const name of namesIn(recordFolder())) {
    if (name.startsWith(`${key}.`)) rmSync(join(recordFolder(), name), { force: true });
  }
}
