import type { IRecognitionException, IToken } from "chevrotain";
import type { DeclarationCstNode, FileCstNode } from "../../grammar/cst.generated.js";
import { InceptParser } from "../../grammar/parser.js";
import { diagnostic } from "../diagnostics/catalogue.js";
import type { Diagnostic, Source } from "../diagnostics/diagnostic.js";
import { spoken } from "./words.js";

const parser = new InceptParser();

export interface Declarations {
  readonly declarations: readonly DeclarationCstNode[];
  readonly diagnostics: readonly Diagnostic[];
}

export function parseDeclarations(
  tokens: readonly IToken[],
  source: Source,
  found: readonly Diagnostic[],
): Declarations {
  parser.input = [...tokens];
  const tree = parser.file() as FileCstNode;
  const error = parser.errors[0];
  if (error === undefined) {
    return { declarations: tree.children.declaration ?? [], diagnostics: found };
  }
  return { declarations: [], diagnostics: [...found, unexpected(error, source)] };
}

function unexpected({ message, token }: IRecognitionException, source: Source): Diagnostic {
  const start = Number.isNaN(token.startOffset) ? source.text.trimEnd().length : token.startOffset;
  return diagnostic(
    "syntax/unexpected",
    { expected: message, found: spoken(token) },
    { span: { source, start, end: start + Math.max(1, token.image.length) } },
  );
}
