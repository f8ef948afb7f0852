import type { Stats } from "node:fs";
import { displayPath, shownPath } from "./display.js";

/**
 * Why others than root and this user could have written a file or folder, as a sentence without its
 * full stop; undefined where nobody else could. Windows has no such owners and modes, and is not asked.
 *
 * @param path absolute
 */
export function distrust(path: string, { uid, gid, mode }: Stats): string | undefined {
  const me = process.geteuid?.();
  if (me === undefined) return undefined;
  const name = shownPath(displayPath(path));
  if (uid !== 0 && uid !== me) {
    return `${name} belongs to user ${uid}, who is neither root nor you`;
  }
  if ((mode & 0o002) !== 0) return `anyone may write ${name}`;
  if ((mode & 0o020) !== 0 && gid !== process.getegid?.()) {
    return `group ${gid}, which is not your own, may write ${name}`;
  }
  return undefined;
}
