import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { InceptError } from "../../diagnostics/incept-error.js";
import { shownPath } from "../../files/display.js";

/** Writes files below a folder, making folders as needed; `modes` as far as the umask allows. */
export function writeFiles(
  directory: string,
  files: ReadonlyMap<string, string>,
  modes: { readonly file: number; readonly folder: number } = { file: 0o666, folder: 0o777 },
): void {
  const made = new Set<string>();
  for (const [name, text] of files) {
    const file = join(directory, name);
    const folder = dirname(file);
    if (!made.has(folder)) mkdirSync(folder, { recursive: true, mode: modes.folder });
    made.add(folder);
    writeFileSync(file, text, { mode: modes.file });
  }
}

/** Runs what writes below `directory`; a system that refuses is told as such. */
export async function whileWriting<T>(directory: string, write: () => Promise<T> | T): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw writeError(directory, error);
  }
}

/** Told whatever the path: the system names none with them. */
const failing: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EIO: "the disk fails",
  ELOOP: "its links lead in a circle",
};

const refused: Readonly<Record<string, string>> = {
  EACCES: "permission is denied",
  EPERM: "permission is denied",
  EROFS: "it is read-only",
  ENOENT: "it is not there",
  ENOTDIR: "it is no folder",
  EEXIST: "something stands in its place",
  EISDIR: "a folder stands in its place",
  EBUSY: "it is in use",
  ENAMETOOLONG: "the name is too long",
};

/** A refusal counts where it is about a file below the folder; a full disk names none. */
function writeError(directory: string, error: unknown): unknown {
  const { code = "", path } = error as NodeJS.ErrnoException;
  if (error instanceof InceptError) return error;
  const below = path !== undefined && resolve(path).startsWith(resolve(directory));
  const reason = failing[code] ?? (below ? refused[code] : undefined);
  if (reason === undefined) return error;
  return new InceptError(
    "file/cannot-write",
    `${shownPath(directory)} cannot be written: ${reason}.`,
    {
      cause: error,
    },
  );
}
