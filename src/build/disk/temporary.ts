import { tmpdir } from "node:os";
import { InceptError } from "../../diagnostics/incept-error.js";

/**
 * The system's temporary folder, where networks are compiled.
 *
 * @throws InceptError `toolchain/odd-folder` where its path has a character that the tools trip over
 */
export function temporaryFolder(folder = tmpdir()): string {
  const odd = oddCharacter(folder);
  if (odd === undefined) return folder;
  throw new InceptError(
    "toolchain/odd-folder",
    `Nothing can be compiled in ${folder}: CMake and make cannot take ${JSON.stringify(odd)} in a path.`,
    { help: "set TMPDIR to a folder whose path has only letters, digits, spaces and - _ . /" },
  );
}

/** A list's separator to CMake or one of its quotes, or a mark of make's and Ninja's own rules. */
function oddCharacter(folder: string): string | undefined {
  // A Windows path begins with a drive's colon and is joined by backslashes.
  const path = process.platform === "win32" ? folder.slice(2).replaceAll("\\", "/") : folder;
  return /[;"\\:|[\]\n\r]/.exec(path)?.[0];
}
