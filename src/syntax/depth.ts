import type { IToken } from "chevrotain";
import * as t from "../../grammar/tokens.js";

/** A recursive parser overflows near 270, and so would whoever walks the tree. */
export const maxDepth = 100;

const opening = new Set([t.LeftBrace, t.LeftBracket, t.LeftParen]);
const closing = new Set([t.RightBrace, t.RightBracket, t.RightParen]);
const operators = new Set([t.Plus, t.Minus, t.Star, t.Slash]);
const literals = new Set([t.Name, t.F32, t.Int, t.Float, t.Size, t.True, t.False, t.StringLiteral]);

/**
 * The first token that is nested too deeply: open brackets and the operators of the expressions
 * in them, since `a + b + c` is a tree as deep as it has operators.
 */
export function tooDeep(tokens: readonly IToken[]): IToken | undefined {
  const open: number[] = [];
  let operatorsHere = 0;
  let operatorsOutside = 0;
  for (const token of tokens) {
    const type = token.tokenType;
    if (opening.has(type)) {
      open.push(operatorsHere);
      operatorsOutside += operatorsHere;
      operatorsHere = 0;
    } else if (closing.has(type)) {
      operatorsHere = open.pop() ?? 0;
      operatorsOutside -= operatorsHere;
    } else if (operators.has(type)) operatorsHere++;
    else if (!literals.has(type)) operatorsHere = 0;
    if (open.length + operatorsOutside + operatorsHere > maxDepth) return token;
  }
  return undefined;
}
