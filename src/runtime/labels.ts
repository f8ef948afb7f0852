import { readFile } from "node:fs/promises";
import { InceptError } from "../diagnostics/incept-error.js";
import { parseLabels } from "./classify.js";

/** A file with one class name a row, or the names themselves. */
export type LabelSource = string | URL | readonly string[];

/** @throws InceptError `labels/unreadable` */
export async function readLabels(source: LabelSource): Promise<readonly string[]> {
  if (Array.isArray(source)) return source as readonly string[];
  const file = source as string | URL;
  try {
    return parseLabels(await readFile(file, "utf8"));
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new InceptError("labels/unreadable", `${String(file)} cannot be read (${reason}).`, {
      cause,
    });
  }
}
