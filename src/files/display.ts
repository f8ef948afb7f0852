import { relative } from "node:path";
import { visible } from "../diagnostics/visible.js";

/** Relative to the working folder where that is shorter to read. */
export function displayPath(absolute: string): string {
  const short = relative(process.cwd(), absolute);
  return short === "" || short.startsWith("../../..") ? absolute : short;
}

/** A path as a sentence names it: on one row, and never nothing. */
export const shownPath = (path: string): string => (path === "" ? '""' : visible(path));

/** A path as a person types it in a shell: quoted where it is not one plain word. */
export function shellWord(path: string): string {
  if (/^[\p{L}\p{N}_./@][\p{L}\p{N}_./:@+=,-]*$/u.test(path)) return path;
  return shellQuoted(path.startsWith("-") ? `./${path}` : path);
}

/** Any text as one word of a shell. */
export const shellQuoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
