import { readFile, stat } from "node:fs/promises";
import { InceptError } from "../diagnostics/incept-error.js";
import { parseLabels } from "./classify.js";

/** A file with one class name a row, or the names themselves. */
export type LabelSource = string | URL | readonly string[];

/** A row a class: a file beyond this is something else. */
const maxBytes = 16 * 1024 * 1024;

/** @throws InceptError `labels/unreadable` */
export async function readLabels(source: LabelSource): Promise<readonly string[]> {
  if (Array.isArray(source)) return source as readonly string[];
  const file = source as string | URL;
  let text: string;
  try {
    const found = await stat(file);
    if (!found.isFile()) throw unreadable(file, "it is no regular file");
    if (found.size > maxBytes) throw unreadable(file, `it holds ${found.size} bytes`);
    text = await readFile(file, "utf8");
  } catch (cause) {
    if (cause instanceof InceptError) throw cause;
    throw unreadable(file, (cause as NodeJS.ErrnoException).code ?? String(cause), cause);
  }
  if (/[\0-\x08\x0e-\x1f\x7f\u0080-\u009f\ufffd]/.test(text)) {
    throw unreadable(file, "it holds characters that no name has");
  }
  return parseLabels(text);
}

const unreadable = (file: string | URL, reason: string, cause?: unknown): InceptError =>
  new InceptError("labels/unreadable", `${String(file)} cannot be read (${reason}).`, {
    help: "name a text file with one class name a row",
    cause,
  });
