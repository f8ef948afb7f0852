import type { TokenType } from "chevrotain";
import * as t from "../../../grammar/tokens.js";
import { diagnostic } from "../../diagnostics/catalogue.js";
import { mending } from "../../diagnostics/mending.js";
import { openBrackets } from "../brackets.js";
import { isHead } from "../members.js";
import { brackets, ifOnlyPlace, parentheses } from "../readings.js";
import type { Mend, Scene, Slip } from "../scene.js";
import { literals } from "../token-sets.js";
import { missingComma } from "./commas.js";

/** A `)` or `]` that is missing, or a comma: what follows decides. */
export const missingCloserOrComma: Slip = (s) => {
  const closer = s.expected.endsWith(")")
    ? t.RightParen
    : s.expected.endsWith("]")
      ? t.RightBracket
      : undefined;
  if (closer === undefined) return undefined;
  if (s.expected.startsWith("a comma") && isNextItem(s, closer)) return missingComma(s);
  const i = s.index;
  if (s.is(i, t.RightParen, t.RightBracket)) {
    return missingCloser(
      s,
      closer,
      opensEarlier(s, i) ? s.insert(i, closer) : s.replace(i, closer),
    );
  }
  // Nothing was begun that a brace could follow.
  const isFirst = s.is(i - 1, t.LeftParen, t.LeftBracket, t.Comma);
  if (isFirst && s.is(i, t.LeftBrace)) return undefined;
  const ends = [t.Arrow, t.As, t.From, t.LeftBrace, t.RightBrace, t.Name, ...literals];
  if (i < s.tokens.length && !s.is(i, ...ends) && !s.isKeyword(i)) return undefined;
  return missingCloser(s, closer, s.insert(i, closer));
};

/** Whether a value stands here whose list goes on to its end. */
function isNextItem(s: Scene, closer: TokenType): boolean {
  const i = s.index;
  if (s.is(i - 1, t.LeftParen, t.LeftBracket, t.Comma)) return false;
  if (!s.is(i, t.Name, t.LeftBracket, t.LeftParen, ...literals)) return false;
  let depth = 0;
  for (let j = i; j < s.tokens.length; j++) {
    if (s.is(j, t.LeftParen, t.LeftBracket)) depth++;
    else if (s.is(j, t.RightParen, t.RightBracket) && depth-- === 0) return s.is(j, closer);
    else if (s.is(j, t.Arrow, t.LeftBrace, t.RightBrace)) return false;
    else if (depth === 0 && j > i && isHead(s, j) && !s.sameRow(j - 1, j)) return false;
  }
  return false;
}

function missingCloser(s: Scene, closer: TokenType, edit: Mend["edits"][number]): Mend {
  const span = s.behind(s.index - 1);
  const isWrong = edit.remove > 0;
  const at = isWrong ? s.span(s.index) : span;
  const text = closer === t.RightParen ? ")" : "]";
  const title = isWrong ? `write ${text}` : `write ${text} here`;
  // Where another bracket closes, it may be its own opening one that is missing.
  const kind = isWrong ? s.image(s.index) : text;
  const pair = kind === ")" ? parentheses : brackets;
  const because = ifOnlyPlace(s, [edit], pair, isWrong ? "open" : "close");
  const place = { span: at, ...mending(because, title, { span: at, text }) };
  return {
    finding:
      closer === t.RightParen
        ? diagnostic("syntax/missing-parenthesis", { side: ")", callee: callee(s) }, place)
        : diagnostic("syntax/missing-bracket", {}, place),
    edits: [edit],
  };
}

/** Whether a closing bracket has its opening one further out. */
function opensEarlier(s: Scene, i: number): boolean {
  const opener = s.is(i, t.RightParen) ? t.LeftParen : t.LeftBracket;
  return openBrackets(s.tokens, i).some((open) => s.is(open, opener));
}

function callee(s: Scene): string {
  const open = openBrackets(s.tokens, s.index).findLast((i) => s.is(i, t.LeftParen)) ?? -1;
  return s.is(open - 1, t.Name) || s.isKeyword(open - 1) ? s.spoken(open - 1) : "the expression";
}
