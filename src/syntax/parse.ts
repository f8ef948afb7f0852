import type { IToken } from "chevrotain";
import type { DeclarationCstNode } from "../../grammar/cst.generated.js";
import type { Diagnostic, Source } from "../diagnostics/diagnostic.js";
import { diagnostic } from "../diagnostics/catalogue.js";
import { commentGroup, lexer } from "../../grammar/tokens.js";
import type { SpecFile } from "./ast.js";
import { docsByOffset, toComments } from "./comments.js";
import { toAst } from "./cst-to-ast.js";
import { maxDepth, tooDeep } from "./depth.js";
import { findLexicalSlips } from "./lexical-slips.js";
import { Nodes } from "./nodes.js";
import { maxErrors, parseDeclarations } from "./repair.js";
import { refuseText } from "./text.js";

export interface Parsed {
  /** With errors, what could be understood; absent where nothing was looked at. */
  readonly file?: SpecFile;
  /** Sorted by place, at most one a row. */
  readonly diagnostics: readonly Diagnostic[];
}

/** A text's tokens and comments in their order, and what the grammar makes of the tokens. */
export interface ConcreteTree {
  readonly tokens: readonly IToken[];
  readonly comments: readonly IToken[];
  readonly declarations: readonly DeclarationCstNode[];
}

export interface ParsedConcretely {
  /** With errors, what could be understood; absent where nothing was looked at. */
  readonly tree?: ConcreteTree;
  readonly diagnostics: readonly Diagnostic[];
}

/** Text to tree: the one entry of this room. Never throws, whatever the text is. */
export function parse(source: Source): Parsed {
  const { tree, diagnostics } = parseConcretely(source);
  if (tree === undefined) return { diagnostics };
  const comments = toComments(tree.comments, source);
  const nodes = new Nodes(source, docsByOffset(comments, tree.tokens));
  return { file: toAst(tree.declarations, comments, nodes), diagnostics };
}

/** The same before anything of the text is left out, for what prints it. */
export function parseConcretely(source: Source): ParsedConcretely {
  const refusal = refuseText(source);
  if (refusal !== undefined) return { diagnostics: [refusal] };

  // A leading BOM becomes a space, so that offsets stay those of the text.
  const { tokens, groups, errors } = lexer.tokenize(source.text.replace(/^\uFEFF/, " "));
  const deep = tooDeep(tokens);
  if (deep !== undefined) return { diagnostics: [depthFinding(deep.startOffset, source)] };

  const found = findLexicalSlips(tokens, groups, errors, source, maxErrors + 1);
  const { declarations, diagnostics } = parseDeclarations(tokens, source, found);
  return { tree: { tokens, comments: groups[commentGroup] ?? [], declarations }, diagnostics };
}

const depthFinding = (offset: number, source: Source): Diagnostic =>
  diagnostic(
    "syntax/too-deep",
    { limit: maxDepth },
    { span: { source, start: offset, end: offset + 1 }, label: `one level too deep` },
  );
