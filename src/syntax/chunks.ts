import type { IToken, TokenType } from "chevrotain";
import * as t from "../../grammar/tokens.js";

/**
 * The tokens cut before each declaration, so that an error in one never leaks into another. The
 * words that begin one are never names, so where one of them stands as in `module NAME`, a
 * declaration begins, whatever braces are open.
 */
export function cutDeclarations(tokens: readonly IToken[]): IToken[][] {
  const chunks: IToken[][] = [];
  tokens.forEach((token, i) => {
    const last = chunks.at(-1);
    const begins = beginsDeclaration(tokens, i);
    if (last === undefined || begins) chunks.push([token]);
    else last.push(token);
  });
  return chunks;
}

/** Where a name belongs, a keyword is a slip and begins nothing. */
const namePlaces = new Set<TokenType | undefined>([t.As, t.From, t.LeftParen, t.Comma]);

function beginsDeclaration(tokens: readonly IToken[], i: number): boolean {
  if (namePlaces.has(tokens[i - 1]?.tokenType)) return false;
  const next = tokens[i + 1];
  switch (tokens[i]?.tokenType) {
    case t.Module:
    case t.Model:
      return isWord(next) && tokens[i + 2]?.tokenType !== t.Colon;
    case t.Const:
      return isWord(next);
    case t.Import:
    case t.Defaults:
      return next?.tokenType === t.LeftBrace;
    default:
      return false;
  }
}

const isWord = (token: IToken | undefined): boolean =>
  token !== undefined && /^\w+$/.test(token.image);
