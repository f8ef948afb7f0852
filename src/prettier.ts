/**
 * A plugin for Prettier: `{ "plugins": ["inceptc/prettier"] }` in its configuration, and `.incept` files
 * are laid out as by `inceptc fmt`, in an editor, too. Of Prettier's options it heeds `printWidth`, which
 * is 120 for specs where nothing says otherwise, and `endOfLine`.
 */
import type { Doc, Parser, Printer, RequiredOptions, SupportLanguage } from "prettier";
import type { Diagnostic, Source } from "./diagnostics/diagnostic.js";
import { positionAt } from "./diagnostics/source.js";
import { type ConcreteTree, parseConcretely } from "./syntax/parse.js";
import { defaultWidth, printTree } from "./syntax/print/format.js";

/** What Prettier hands from the parser to the printer. */
export interface Spec {
  readonly source: { readonly path: string; readonly text: string };
  readonly tree: unknown;
}

export const languages: SupportLanguage[] = [
  {
    name: "Incept",
    parsers: ["incept"],
    extensions: [".incept"],
    vscodeLanguageIds: ["incept"],
  },
];

export const parsers: Record<"incept", Parser<Spec>> = {
  incept: {
    astFormat: "incept",
    parse(text, { filepath = "<text>" }) {
      const source: Source = { path: filepath, text };
      const { tree, diagnostics } = parseConcretely(source);
      if (tree === undefined || diagnostics.length > 0) throw syntaxError(diagnostics);
      return { source, tree };
    },
    locStart: () => 0,
    locEnd: ({ source }) => source.text.length,
  },
};

export const printers: Record<"incept", Printer<Spec>> = {
  incept: {
    print({ node }, { printWidth }) {
      const formatted = printTree(node.tree as ConcreteTree, node.source, printWidth);
      if (formatted.text === undefined) throw syntaxError(formatted.diagnostics);
      return rows(formatted.text);
    },
    // It is one piece; nothing in it is Prettier's to walk through.
    getVisitorKeys: () => [],
  },
};

export const defaultOptions: Partial<RequiredOptions> = { printWidth: defaultWidth };

/** As Prettier's own builders make it, which are not there to be imported where nobody uses Prettier. */
const rowEnd: Doc = [{ type: "line", hard: true }, { type: "break-parent" }];

const rows = (text: string): Doc =>
  text.split("\n").flatMap((row, i) => (i === 0 ? [row] : [rowEnd, row]));

/** Prettier shows the place by `loc`. */
function syntaxError([finding]: readonly Diagnostic[]): SyntaxError {
  const { message, code, span, help } = finding!;
  const said = `${message} [${code}]${help === undefined ? "" : `\n  help: ${help}`}`;
  const loc = {
    start: positionAt(span.source, span.start),
    end: positionAt(span.source, span.end),
  };
  return Object.assign(new SyntaxError(said), { loc });
}
