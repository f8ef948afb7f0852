import { closeSync, fstatSync, openSync, readdirSync, readSync } from "node:fs";
import { basename, dirname, relative, resolve } from "node:path";
import type { Source } from "../diagnostics/diagnostic.js";
import { InceptError } from "../diagnostics/incept-error.js";
import { suggest } from "../diagnostics/suggest.js";

/** Larger files are refused before they are read; no network needs a tenth of it. */
export const maxSpecBytes = 1 << 20;

/**
 * Reads a spec or labels file from disk.
 *
 * @throws InceptError `file/not-found`, `file/not-a-file`, `file/too-large` or `file/unreadable`.
 */
export function readSource(file: string): Source {
  const absolute = resolve(file);
  return { path: displayPath(absolute), file: absolute, text: readText(absolute) };
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

/** Relative to the working folder where that is shorter to read. */
export function displayPath(absolute: string): string {
  const short = relative(process.cwd(), absolute);
  return short === "" || short.startsWith("../../..") ? absolute : short;
}

function readText(file: string): string {
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch (cause) {
    throw cannotOpen(file, cause);
  }
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) {
      throw new InceptError("file/not-a-file", `${displayPath(file)} is not a file.`, {
        help: "name a .incept file",
      });
    }
    if (stat.size > maxSpecBytes) {
      throw new InceptError(
        "file/too-large",
        `${displayPath(file)} holds ${stat.size} bytes, a spec may have at most ${maxSpecBytes}.`,
      );
    }
    return readAll(descriptor, stat.size);
  } finally {
    closeSync(descriptor);
  }
}

function readAll(descriptor: number, size: number): string {
  const buffer = Buffer.alloc(size);
  let filled = 0;
  while (filled < size) {
    const got = readSync(descriptor, buffer, filled, size - filled, filled);
    if (got === 0) break;
    filled += got;
  }
  return buffer.toString("utf8", 0, filled);
}

function cannotOpen(file: string, cause: unknown): InceptError {
  const code = (cause as NodeJS.ErrnoException).code;
  if (code !== "ENOENT") {
    return new InceptError(
      "file/unreadable",
      `${displayPath(file)} cannot be read (${code ?? String(cause)}).`,
    );
  }
  const near = suggest(basename(file), neighbours(file));
  return new InceptError(
    "file/not-found",
    `${displayPath(file)} does not exist.`,
    near === undefined
      ? {}
      : { help: `did you mean ${displayPath(resolve(dirname(file), near))}?` },
  );
}

function neighbours(file: string): string[] {
  try {
    return readdirSync(dirname(file));
  } catch {
    return [];
  }
}
