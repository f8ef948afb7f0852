import { randomBytes } from "node:crypto";
import { chmodSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { InceptError } from "../../diagnostics/incept-error.js";
import { shownPath } from "../../files/display.js";
import { requireRegular } from "../../files/failure.js";
import { realPath } from "../../files/real-path.js";

/**
 * Writes beside the target and renames, so that a full disk or a kill leaves the old file whole.
 * Where a link leads to the file, that is written and the link stays; the file keeps its mode.
 *
 * @param mode of a new file, as far as the umask allows
 * @throws InceptError `file/cannot-write`.
 */
export function writeBeside(file: string, content: string | Uint8Array, mode = 0o666): void {
  let beside: string | undefined;
  try {
    const present = statSync(file, { throwIfNoEntry: false });
    if (present !== undefined) requireRegular({ path: file, what: "text" }, present);
    const target = realPath(file);
    beside = `${target}.${randomBytes(4).toString("hex")}.tmp`;
    writeFileSync(beside, content, { flag: "wx", mode });
    if (present !== undefined) chmodSync(beside, present.mode & 0o777);
    renameSync(beside, target);
  } catch (cause) {
    if (beside !== undefined) rmSync(beside, { force: true });
    throw cannotWrite(file, cause);
  }
}

function cannotWrite(file: string, cause: unknown): InceptError {
  const message =
    cause instanceof InceptError
      ? cause.message
      : `${shownPath(file)} could not be written (${(cause as NodeJS.ErrnoException).code ?? String(cause)}).`;
  return new InceptError("file/cannot-write", message, { cause });
}
