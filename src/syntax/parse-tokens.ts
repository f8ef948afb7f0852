import type { IRecognitionException, IToken } from "chevrotain";
import type { DeclarationCstNode, FileCstNode } from "../../grammar/cst.generated.js";
import { InceptParser } from "../../grammar/parser.js";

const parser = new InceptParser();

export interface ParsedTokens {
  readonly declarations: readonly DeclarationCstNode[];
  /** Where the parser stopped, if it did. */
  readonly error?: IRecognitionException;
}

export function parseTokens(tokens: readonly IToken[]): ParsedTokens {
  parser.input = [...tokens];
  const tree = parser.file() as FileCstNode | undefined;
  const error = parser.errors[0];
  return {
    declarations: tree?.children.declaration ?? [],
    ...(error === undefined ? {} : { error }),
  };
}

/** Tokens taken out at an index and others put there. */
export interface TokenEdit {
  readonly at: number;
  readonly remove: number;
  readonly insert: readonly IToken[];
}

/** Edits of one mend do not overlap; of two at one place, the second comes first. */
export function edited(tokens: readonly IToken[], edits: readonly TokenEdit[]): IToken[] {
  const pieces: IToken[][] = [];
  let end = tokens.length;
  for (const { at, remove, insert } of edits.toSorted((a, b) => b.at - a.at)) {
    pieces.push(tokens.slice(at + remove, end), [...insert]);
    end = at;
  }
  return [...tokens.slice(0, end), ...pieces.reverse().flat()];
}
