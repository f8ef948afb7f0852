/** The spaces between two tokens that stand on one row. */
import type { IToken, TokenType } from "chevrotain";
import * as t from "../../../grammar/tokens.js";
import { literals, typesLike } from "../token-sets.js";

const opening = typesLike(t.LeftParen, t.LeftBracket);
/** What stands close to what is before it. */
const clinging = typesLike(t.RightParen, t.RightBracket, t.Comma, t.Colon);
const operands = typesLike(...literals, t.Name, t.RightParen, t.RightBracket);
const called = typesLike(t.Name, t.Residual, t.Repeat);
const names = typesLike(t.Name);
/** What a name with a colon may stand behind, and be no member. */
const separating = typesLike(
  t.LeftBrace,
  t.Comma,
  t.Input,
  t.Output,
  t.Aux,
  t.Arrow,
  t.Colon,
  t.LeftParen,
);

/** Whether it needs no space before it, wherever it stands. */
export const clings = (token: IToken | undefined): boolean => isOf(token, clinging);
export const opens = (token: IToken | undefined): boolean => isOf(token, opening);

/** @returns the spaces before the token at `i` */
export function separator(tokens: readonly IToken[], i: number): string {
  const [before, token] = [tokens[i - 1], tokens[i]!];
  if (before === undefined || clings(token) || opens(before)) return "";
  if (isSign(tokens, i - 1) || isTight(tokens, i) || isTight(tokens, i - 1)) return "";
  if (is(token, t.LeftParen)) return isOf(before, called) ? "" : " ";
  if (is(token, t.LeftBracket)) return is(before, t.F32) ? "" : " ";
  if (is(token, t.RightBrace)) return is(before, t.LeftBrace) ? "" : " ";
  return isLooseMember(tokens, i) ? "  " : " ";
}

/** Whether a field, a branch or an operator of `defaults` begins there, without a comma before it. */
export function isLooseMember(tokens: readonly IToken[], i: number): boolean {
  const [before, token, after] = [tokens[i - 1], tokens[i], tokens[i + 1]];
  if (before === undefined || !isOf(token, names)) return false;
  if (is(after, t.LeftBrace)) return is(before, t.RightBrace);
  return is(after, t.Colon) && !isOf(before, separating);
}

/** A minus before an operand. */
const isSign = (tokens: readonly IToken[], i: number): boolean =>
  is(tokens[i], t.Minus) && !isOf(tokens[i - 1], operands);

/** `3x3/2`, a kernel and its stride; of names, `k/2`, if it is written so. */
function isTight(tokens: readonly IToken[], i: number): boolean {
  const [before, token, after] = [tokens[i - 1], tokens[i], tokens[i + 1]];
  if (before === undefined || token === undefined || !is(token, t.Slash)) return false;
  if (is(before, t.Size) || is(after, t.Size)) return true;
  return touches(before, token) && touches(token, after);
}

const touches = (before: IToken, token: IToken | undefined): boolean =>
  before.startOffset + before.image.length === token?.startOffset;

const isOf = (token: IToken | undefined, types: ReadonlySet<TokenType>): boolean =>
  token !== undefined && types.has(token.tokenType);

const is = (token: IToken | undefined, type: TokenType): boolean => token?.tokenType === type;
