import type { TokenType } from "chevrotain";
import * as t from "../../../grammar/tokens.js";
import { diagnostic } from "../../diagnostics/catalogue.js";
import { openBrackets } from "../brackets.js";
import { isHead } from "../members.js";
import { type Mend, type Scene, type Slip, writing } from "../scene.js";

const literals = [t.Int, t.Float, t.Size, t.StringLiteral, t.True, t.False];
const operators = [t.Plus, t.Minus, t.Star, t.Slash];

/** `conv 1x1, 64` and `repeat 3 {`: arguments without their parentheses. */
export const missingOpenParenthesis: Slip = (s) => {
  const i = s.index;
  const ofRepeat = s.rule === "repeat" && s.expected === "(";
  if (!ofRepeat && !(s.is(i - 1, t.Name) && beginsArguments(s, i))) return undefined;
  if (ofRepeat && !s.is(i, t.Name, ...literals)) return undefined;
  const end = argumentsEnd(s, i);
  const isClosed = s.is(end, t.RightParen);
  const span = { ...s.span(i), end: s.span(end - 1).end };
  const text = s.source.text.slice(span.start, span.end);
  return {
    finding: diagnostic(
      "syntax/missing-parenthesis",
      { side: "(", callee: s.spoken(i - 1) },
      {
        span,
        ...writing(
          { ...span, start: s.span(i - 1).start, end: isClosed ? s.span(end).end : span.end },
          `${s.image(i - 1)}(${text})`,
        ),
      },
    ),
    edits: [...(isClosed ? [] : [s.insert(end, t.RightParen)]), s.insert(i, t.LeftParen)],
  };
};

const beginsArguments = (s: Scene, i: number): boolean => {
  // In a list of arguments, two values side by side lack a comma.
  if (isInArguments(s, i)) return false;
  return s.is(i, ...literals) || (s.is(i, t.Name) && s.is(i + 1, t.Comma));
};

/** The first token that is not a part of arguments which begin at `i`. */
function argumentsEnd(s: Scene, i: number): number {
  let end = i + 1;
  const goesOn = (): boolean =>
    s.is(end, t.Comma, t.Colon, ...operators) ||
    (s.is(end - 1, t.Comma, t.Colon, ...operators) && s.is(end, t.Name, ...literals));
  while (goesOn()) end++;
  return end;
}

/** `conv1x1, 64)`: the parenthesis is missing and the name runs into the first argument. */
export const gluedArguments: Slip = (s) => {
  const name = s.index - 1;
  const parts = /^(\w*?[A-Za-z_])(\d+(?:x\d+)?)$/.exec(s.image(name));
  if (!s.is(name, t.Name) || isInArguments(s, name)) return undefined;
  const close = unmatchedClose(s, s.index);
  if (close === undefined || (parts === null && close === s.index)) return undefined;
  const [, callee = s.image(name), first = ""] = parts ?? [];
  const whole = { ...s.span(name), end: s.span(close).end };
  const start = whole.start + callee.length;
  const rest = s.source.text.slice(s.span(name).end, whole.end);
  return {
    finding: diagnostic(
      "syntax/missing-parenthesis",
      { side: "(", callee },
      {
        span: { ...whole, start, end: s.span(name).end },
        ...writing(whole, `${callee}(${first}${rest}`),
      },
    ),
    edits: [{ at: name, remove: close - name + 1, insert: s.insert(name, t.Name).insert }],
  };
};

const isInArguments = (s: Scene, i: number): boolean => {
  const within = openBrackets(s.tokens, i).at(-1);
  return within !== undefined && !s.is(within, t.LeftBrace);
};

/** A `)` ahead that closes nothing that is opened from here on. */
function unmatchedClose(s: Scene, from: number): number | undefined {
  let depth = 0;
  for (let i = from; i < s.tokens.length; i++) {
    if (s.is(i, t.Arrow, t.LeftBrace, t.RightBrace) || !s.sameRow(from, i)) return undefined;
    if (s.is(i, t.LeftParen)) depth++;
    if (s.is(i, t.RightParen) && depth-- === 0) return i;
  }
  return undefined;
}

/** `conv[1x1, 64]`: brackets of another kind around arguments. */
export const wrongBrackets: Slip = (s) => {
  const i = s.index;
  if (!s.is(i, t.LeftBracket) || !s.is(i - 1, t.Name) || s.expected === "a comma or )") {
    return undefined;
  }
  if (s.rule === "inputDeclaration") return undefined;
  const end = s.tokens.findIndex((_, j) => j > i && s.is(j, t.RightBracket));
  const title = "write ( and )";
  const edits = [
    { span: s.span(i), text: "(" },
    { span: s.span(end), text: ")" },
  ];
  return {
    finding: diagnostic(
      "syntax/missing-parenthesis",
      { side: "(", callee: s.spoken(i - 1) },
      { span: s.span(i), help: title, fixes: end < 0 ? [] : [{ title, edits }] },
    ),
    edits: [...(end < 0 ? [] : [s.replace(end, t.RightParen)]), s.replace(i, t.LeftParen)],
  };
};

/** `3 x 3`: a size is one word. */
export const spacedSize: Slip = (s) => {
  const i = s.index;
  if (!s.is(i - 1, t.Int) || !/^[xX]$/.test(s.image(i)) || !s.is(i + 1, t.Int)) return undefined;
  const span = { ...s.span(i - 1), end: s.span(i + 1).end };
  return {
    finding: diagnostic(
      "syntax/number",
      { text: s.source.text.slice(span.start, span.end) },
      { span, ...writing(span, `${s.image(i - 1)}x${s.image(i + 1)}`) },
    ),
    edits: [{ at: i - 1, remove: 3, insert: s.insert(i - 1, t.Int).insert }],
  };
};

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

function missingComma(s: Scene): Mend {
  return {
    finding: diagnostic(
      "syntax/missing-comma",
      { before: s.spoken(s.index - 1), after: s.spoken(s.index) },
      { span: s.span(s.index), ...writing(s.behind(s.index - 1), ",", "write a comma before it") },
    ),
    edits: [s.insert(s.index, t.Comma)],
  };
}

function missingCloser(s: Scene, closer: TokenType, edit: Mend["edits"][number]): Mend {
  const span = s.behind(s.index - 1);
  const isWrong = edit.remove > 0;
  const at = isWrong ? s.span(s.index) : span;
  const text = closer === t.RightParen ? ")" : "]";
  const place = {
    span: at,
    ...writing(at, text, isWrong ? `write ${text}` : `write ${text} here`),
  };
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

/** A comma before the first item, after the last one, or twice; or one between stages. */
export const extraComma: Slip = (s) => {
  const isHere = s.is(s.index, t.Comma);
  const isBefore =
    s.is(s.index - 1, t.Comma) && s.is(s.index, t.RightParen, t.RightBracket, t.RightBrace);
  if (!isHere && !isBefore) return undefined;
  const at = isHere ? s.index : s.index - 1;
  return {
    finding: diagnostic(
      "syntax/extra-comma",
      {},
      { span: s.span(at), ...writing(s.span(at), "", "remove it") },
    ),
    edits: [s.remove(at)],
  };
};
