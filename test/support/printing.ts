/** What must hold of a printed spec, whatever was printed. */
import { expect } from "vitest";
import { format } from "../../src/syntax/print/format.js";
import { parse } from "../../src/syntax/parse.js";

const untold = new Set(["span", "source", "keyword", "comments"]);

/** The tree of a text but for its places: what is built from it, and every `///`. */
export function treeOf(text: string): string {
  const { file, diagnostics } = parse({ path: "a.incept", text });
  expect(diagnostics.map(({ message }) => message)).toEqual([]);
  return JSON.stringify(file, (key, value: unknown) => (untold.has(key) ? undefined : value));
}

/**
 * Prints it: nothing is lost (the formatter holds its words against the text's), it means the same,
 * is printed again as it is, and has no stray spaces.
 */
export function printed(text: string, width?: number): string {
  const once = format(text, width);
  expect(treeOf(once)).toBe(treeOf(text));
  expect(format(once, width)).toBe(once);
  expect(once).not.toMatch(/[ \t\r]\n|\n\n\n|^\n|\n\n$|[^\n]$/);
  return once;
}
