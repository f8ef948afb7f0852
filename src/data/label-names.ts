import { dirname, join } from "node:path";
import { InceptError } from "../diagnostics/incept-error.js";
import { shownPath } from "../files/display.js";
import { readRegular } from "../files/read.js";
import { classNames } from "../model/sources/class-names.js";

/** A row a class: a file beyond this is something else. */
const maxBytes = 1 << 20;

/**
 * The names of classes that a data set has in a file beside its own; undefined where there is none.
 *
 * @throws InceptError `labels/unreadable`, `labels/count`, or of `file/`
 */
export async function labelNames(
  beside: string,
  { namesFile, classes }: { readonly namesFile: string; readonly classes: number },
): Promise<readonly string[] | undefined> {
  const path = join(dirname(beside), namesFile);
  let bytes: Buffer;
  try {
    bytes = await readRegular({ path, what: "names of classes", maxBytes });
  } catch (error) {
    if (error instanceof InceptError && error.code === "file/not-found") return undefined;
    throw error;
  }
  const names = classNames(bytes.toString("utf8"))?.filter((name) => name !== "");
  if (names === undefined) {
    const message = `${shownPath(path)} holds characters that no name has.`;
    throw new InceptError("labels/unreadable", message);
  }
  if (names.length === classes) return names;
  const message = `${shownPath(path)} names ${names.length} classes, and the data have ${classes}.`;
  throw new InceptError("labels/count", message);
}
