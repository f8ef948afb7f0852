import { fileURLToPath } from "node:url";
import { InceptError } from "../diagnostics/incept-error.js";
import { readRegular } from "../files/read.js";
import { parseLabels } from "./classify.js";

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
  const text = bytes.toString("utf8");
  if (/[\0-\x08\x0e-\x1f\x7f\u0080-\u009f\ufffd]/.test(text)) {
    throw new InceptError("labels/unreadable", `${path} holds characters that no name has.`, {
      help: "name a text file with one class name a row",
    });
  }
  return parseLabels(text);
}
