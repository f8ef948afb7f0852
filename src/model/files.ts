import { resolve } from "node:path";
import type { Source } from "../diagnostics/diagnostic.js";
import { InceptError } from "../diagnostics/incept-error.js";
import { displayPath } from "../files/display.js";
import { readRegularSync } from "../files/read.js";

/** Larger files are refused before they are read; no network needs a tenth of it. */
export const maxSpecBytes = 1 << 20;

/**
 * Reads a spec or labels file from disk.
 *
 * @throws InceptError `file/not-found`, `file/not-a-file`, `file/too-large`, `file/unreadable` or
 *   `file/changed`.
 */
export function readSource(file: string): Source {
  const absolute = resolve(file);
  const path = displayPath(absolute);
  const named = { path: absolute, shown: path, what: "a spec", maxBytes: maxSpecBytes };
  return { path, file: absolute, text: readRegularSync(named).toString("utf8") };
}

/** For imports and labels, whose absence is a finding in the spec and not a failure. */
export function readSourceIfPresent(file: string): Source | undefined {
  try {
    return readSource(file);
  } catch (error) {
    if (error instanceof InceptError) return undefined;
    throw error;
  }
}
