import { fileURLToPath } from "node:url";
import { InceptError } from "../diagnostics/incept-error.js";
import { shownPath } from "../files/display.js";
import { readRegular } from "../files/read.js";
import { classNames } from "../model/sources/class-names.js";

/** A file with one class name a row, or the names themselves. */
export type LabelSource = string | URL | readonly string[];

/** A row a class: a file beyond this is something else. */
const maxBytes = 16 * 1024 * 1024;

/** @throws InceptError `labels/unreadable`, and what `readRegular` throws */
export async function readLabels(source: LabelSource): Promise<readonly string[]> {
  if (Array.isArray(source)) return source as readonly string[];
  const file = source as string | URL;
  const path = file instanceof URL ? fileURLToPath(file) : file;
  const bytes = await readRegular({ path, what: "a list of labels", maxBytes });
  const names = classNames(bytes.toString("utf8"));
  if (names !== undefined) return names;
  throw new InceptError(
    "labels/unreadable",
    `${shownPath(path)} holds characters that no name has.`,
    {
      help: "name a text file, saved as UTF-8, with one class name a row",
    },
  );
}
