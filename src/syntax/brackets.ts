import type { IToken, TokenType } from "chevrotain";
import * as t from "../../grammar/tokens.js";
import type { Source } from "../diagnostics/diagnostic.js";
import { positionAt } from "../diagnostics/source.js";

const closerOf = new Map<TokenType, TokenType>([
  [t.LeftBrace, t.RightBrace],
  [t.LeftBracket, t.RightBracket],
  [t.LeftParen, t.RightParen],
]);
const closers = new Set(closerOf.values());

/**
 * Indices of the brackets that are open before a token, outermost first. A brace closes whatever
 * was left open inside it; a closing bracket that fits nothing closes nothing.
 */
export function openBrackets(tokens: readonly IToken[], before: number): number[] {
  const open: number[] = [];
  const closes = (i: number, type: TokenType): boolean =>
    closerOf.get(tokens[i]?.tokenType ?? t.Name) === type;
  for (let i = 0; i < before; i++) {
    const type = tokens[i]?.tokenType;
    if (type === undefined) break;
    if (closerOf.has(type)) open.push(i);
    if (!closers.has(type)) continue;
    let match = open.length - 1;
    if (type === t.RightBrace) while (match >= 0 && !closes(open[match] ?? -1, type)) match--;
    if (match >= 0 && closes(open[match] ?? -1, type)) open.length = match;
  }
  return open;
}

/** Each token between an opening bracket and its partner, and how many are open there; the partner last, at 0. */
export function* within(
  tokens: readonly IToken[],
  open: number,
): Generator<{ readonly index: number; readonly depth: number }> {
  let depth = 1;
  for (let index = open + 1; index < tokens.length && depth > 0; index++) {
    const type = tokens[index]!.tokenType;
    if (closerOf.has(type)) depth++;
    if (closers.has(type)) depth--;
    yield { index, depth };
  }
}

/** The braces of one declaration, compared with how its rows are indented. */
export interface Braces {
  /** The first brace that is never closed, and the token before which its `}` belongs. */
  readonly unclosed?: { readonly opener: number; readonly before: number };
  /** The first `}` that closes nothing, or that closes the declaration before its end. */
  readonly extra?: number;
}

interface Open {
  readonly index: number;
  readonly row: number;
  readonly indent: number;
}

export function compareBraces(tokens: readonly IToken[], source: Source): Braces {
  const open: Open[] = [];
  let row = 0;
  let indent = 0;
  let suspect: Braces["unclosed"];
  let early: number | undefined;
  let surplus: number | undefined;
  tokens.forEach((token, index) => {
    const position = positionAt(source, token.startOffset);
    const isFirst = position.line > row;
    if (isFirst) ({ line: row, column: indent } = position);
    const top = open.at(-1);
    const isBrace = token.tokenType === t.RightBrace;
    // A row that stands no further in than the row of the open brace lies outside of it.
    if (isFirst && top !== undefined && top.row < row && outside(indent, top.indent, isBrace)) {
      suspect ??= { opener: top.index, before: index };
    }
    if (token.tokenType === t.LeftBrace) open.push({ index, row, indent });
    if (!isBrace) return;
    if (open.pop() === undefined) surplus ??= index;
    else if (open.length === 0 && index < tokens.length - 1 && !(isFirst && indent === 1)) {
      early ??= index;
    }
  });
  const last = open.at(-1);
  if (last !== undefined) {
    return { unclosed: suspect ?? { opener: last.index, before: tokens.length } };
  }
  const extra = surplus === undefined ? undefined : (early ?? surplus);
  return extra === undefined ? {} : { extra };
}

const outside = (indent: number, openIndent: number, isBrace: boolean): boolean =>
  isBrace ? indent < openIndent : indent <= openIndent;
