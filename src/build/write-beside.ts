import { randomBytes } from "node:crypto";
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { InceptError } from "../diagnostics/incept-error.js";

/**
 * Writes beside the target and renames, so that a full disk or a kill leaves the old file whole.
 *
 * @throws InceptError `file/cannot-write`.
 */
export function writeBeside(file: string, content: string | Uint8Array): void {
  const beside = `${file}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    writeFileSync(beside, content);
    renameSync(beside, file);
  } catch (cause) {
    rmSync(beside, { force: true });
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new InceptError("file/cannot-write", `${file} could not be written (${reason}).`, {
      cause,
    });
  }
}
