/** Why a file that a person named cannot be read, as errors. */
import { readdirSync, type Stats } from "node:fs";
import { basename, dirname, join } from "node:path";
import { InceptError } from "../diagnostics/incept-error.js";
import { suggest } from "../diagnostics/suggest.js";
import { shownPath } from "./display.js";
import { linkTarget } from "./real-path.js";

/** A file that a person named, and what it is for. */
export interface Named {
  /** As the system takes it. */
  readonly path: string;
  /** As messages name it. Default: the path. */
  readonly shown?: string;
  /** With an article: `a spec`. */
  readonly what: string;
}

export const nameOf = ({ path, shown = path }: Named): string => shownPath(shown);

/** @throws InceptError `file/not-a-file` */
export function requireRegular(file: Named, stats: Stats): void {
  if (stats.isFile()) return;
  const name = nameOf(file);
  throw new InceptError("file/not-a-file", `${name} is not a file but ${kindOf(stats)}.`, {
    help: stats.isDirectory()
      ? `name a file that holds ${file.what}`
      : `write ${file.what} to a file first, and name that`,
  });
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return "a folder";
  if (stats.isFIFO()) return "a pipe";
  if (stats.isSocket()) return "a socket";
  return "a device";
}

export function tooLarge(file: Named, bytes: number, maxBytes: number): InceptError {
  const holds = `${nameOf(file)} holds ${bytes} bytes`;
  return new InceptError("file/too-large", `${holds}, ${file.what} may have at most ${maxBytes}.`);
}

/** What the system says of a file, or an InceptError as it is. */
export function cannotRead(file: Named, cause: unknown): InceptError {
  if (cause instanceof InceptError) return cause;
  const { code = "" } = cause as NodeJS.ErrnoException;
  if (code === "ENOENT" || code === "ENOTDIR") return notFound(file, cause);
  const name = nameOf(file);
  const why = reasons[code];
  const reason = why === undefined ? code || String(cause) : `${why}, ${code}`;
  return new InceptError("file/unreadable", `${name} cannot be read (${reason}).`, { cause });
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission is denied",
  EPERM: "permission is denied",
  ELOOP: "its links lead in a circle",
  ENAMETOOLONG: "the name is too long",
  EMFILE: "too many files are open",
  ENFILE: "too many files are open",
  ERR_INVALID_ARG_VALUE: "no path holds a NUL",
};

function notFound(file: Named, cause: unknown): InceptError {
  const { path } = file;
  const name = nameOf(file);
  const target = linkTarget(path);
  if (target !== undefined) {
    const leads = `${name} is a link to ${shownPath(target)}, which does not exist.`;
    return new InceptError("file/not-found", leads, { cause });
  }
  const near = nearestName(path);
  const help =
    near === undefined
      ? {}
      : { help: `did you mean ${shownPath(join(dirname(file.shown ?? path), near))}?` };
  return new InceptError("file/not-found", `${name} does not exist.`, { ...help, cause });
}

/** The name in the folder of an absent file that is likest to the file's. */
export const nearestName = (path: string): string | undefined =>
  suggest(basename(path), neighbours(path));

function neighbours(path: string): string[] {
  try {
    return readdirSync(dirname(path));
  } catch {
    return [];
  }
}
