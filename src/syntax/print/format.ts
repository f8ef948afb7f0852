/** The formatter's front door: text to text, with nothing lost on the way. */
import { bug } from "../../diagnostics/bug.js";
import type { Diagnostic, Source } from "../../diagnostics/diagnostic.js";
import { type ConcreteTree, parseConcretely } from "../parse.js";
import { refuseText } from "../text.js";
import { Printer } from "./printer.js";
import { requireSameWords } from "./words.js";

/** Rows are this wide, comments at their ends not counted, where nothing else is asked for. */
export const defaultWidth = 120;

/** Either the text, or why there is none. */
export type Formatted =
  | { readonly text: string }
  | { readonly text?: undefined; readonly diagnostics: readonly Diagnostic[] };

/** @param width in UTF-16 units; what cannot be parted, such as a long name, may be wider */
export function formatSource(source: Source, width = defaultWidth): Formatted {
  const { tree, diagnostics } = parseConcretely(source);
  if (tree === undefined || diagnostics.length > 0) return { diagnostics };
  return printTree(tree, source, width);
}

/** @param tree of the source, which has no errors */
export function printTree(tree: ConcreteTree, source: Source, width: number): Formatted {
  const text = new Printer(tree, source.text, width).print();
  // Indented deeply it may be longer than a spec can be.
  const refusal = refuseText({ ...source, text });
  if (refusal !== undefined) return { diagnostics: [refusal] };
  requireSameWords(tree, text);
  return { text };
}

/** Text that is known to be without errors of syntax, such as a program's own. */
export function format(text: string, width = defaultWidth): string {
  const formatted = formatSource({ path: "<text>", text }, width);
  if (formatted.text === undefined) bug(`no spec: ${formatted.diagnostics[0]?.message ?? ""}`);
  return formatted.text;
}
