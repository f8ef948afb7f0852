import { relative } from "node:path";
import { visible } from "../diagnostics/visible.js";

/** Relative to the working folder where that is shorter to read. */
export function displayPath(absolute: string): string {
  const short = relative(process.cwd(), absolute);
  return short === "" || short.startsWith("../../..") ? absolute : short;
}

/** A path as a sentence names it: on one row, and never nothing. */
export const shownPath = (path: string): string => (path === "" ? '""' : visible(path));
