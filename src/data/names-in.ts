import { readdir } from "node:fs/promises";
import { cannotRead } from "../files/failure.js";

/**
 * The names in a folder, by code points.
 *
 * @throws InceptError of `file/`
 */
export async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort(byCodePoint);
  } catch (cause) {
    throw cannotRead({ path: folder, what: "pictures" }, cause);
  }
}

/** The same on every machine, whatever its language: and what Python's `sorted` gives. */
export function byCodePoint(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  const at = left.findIndex((one, i) => one !== right[i]);
  if (at === -1) return left.length - right.length;
  return right[at] === undefined ? 1 : left[at]!.codePointAt(0)! - right[at].codePointAt(0)!;
}
