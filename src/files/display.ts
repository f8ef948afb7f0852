import { relative } from "node:path";
import { printable } from "../diagnostics/cells.js";

/** Relative to the working folder where that is shorter to read. */
export function displayPath(absolute: string): string {
  const short = relative(process.cwd(), absolute);
  return short === "" || short.startsWith("../../..") ? absolute : short;
}

/** A path as a sentence names it: on one row, and with nothing that a terminal would obey. */
export const shownPath = (path: string): string => (path === "" ? '""' : printable(path));
