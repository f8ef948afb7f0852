import type { Source } from "../diagnostics/diagnostic.js";
import { type Checked, type CheckOptions, checkSpec } from "./check.js";
import { readerOf, readSource } from "./sources/files.js";

export interface FileOptions extends Omit<CheckOptions, "read"> {
  /** A folder whose files imports and labels may name too. Default: the spec's project alone. */
  readonly root?: string | URL | undefined;
}

/**
 * Reads and checks a spec on disk, and what it names.
 *
 * @throws InceptError of `file/` where the spec or the root cannot be read
 */
export const checkFile = (file: string, options: FileOptions = {}): Checked =>
  checkSource(readSource(file), options);

/** `checkFile` for a spec that has been read. */
export const checkSource = (source: Source, { root, model, set }: FileOptions = {}): Checked =>
  checkSpec(source, { read: readerOf(source, root), model, set });
