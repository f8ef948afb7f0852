import type { TokenType } from "chevrotain";
import * as t from "../../../grammar/tokens.js";
import { diagnostic } from "../../diagnostics/catalogue.js";
import { fixing, mending, suggesting } from "../../diagnostics/mending.js";
import { operators } from "../../ops/registry.js";
import { openBrackets } from "../brackets.js";
import { isHead } from "../members.js";
import { brackets, ifOnlyPlace, parentheses } from "../readings.js";
import type { Mend, Scene, Slip } from "../scene.js";
import { arithmetic, literals } from "../token-sets.js";

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
  const title = `write ${s.image(i - 1)}(${text})`;
  const edits = [
    { span: s.before(i), text: "(" },
    ...(isClosed ? [] : [{ span: s.behind(end - 1), text: ")" }]),
  ];
  // A number is no step, so what follows a step's name is its arguments.
  const isStep = ofRepeat || s.is(i - 2, t.Arrow, t.LeftBrace) || isHead(s, i - 3);
  const isCertain = isStep && s.is(i, ...literals) && !inFields.has(s.rule);
  return {
    finding: diagnostic(
      "syntax/missing-parenthesis",
      { side: "(", callee: s.spoken(i - 1) },
      { span, ...mending(isCertain ? "only-mark" : undefined, title, ...edits) },
    ),
    edits: [...(isClosed ? [] : [s.insert(end, t.RightParen)]), s.insert(i, t.LeftParen)],
  };
};

const inFields = new Set(["train", "fields", "field", "defaultsEntry"]);

const beginsArguments = (s: Scene, i: number): boolean => {
  // In a list of arguments, two values side by side lack a comma.
  if (isInArguments(s, i)) return false;
  return s.is(i, ...literals) || (s.is(i, t.Name) && s.is(i + 1, t.Comma));
};

/** The first token that is not a part of arguments which begin at `i`. */
function argumentsEnd(s: Scene, i: number): number {
  let end = i + 1;
  const goesOn = (): boolean =>
    s.is(end, t.Comma, t.Colon, ...arithmetic) ||
    (s.is(end - 1, t.Comma, t.Colon, ...arithmetic) && s.is(end, t.Name, ...literals));
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
        ...suggesting(`write ${callee}(${first}${rest}`, {
          span: { ...whole, start, end: start },
          text: "(",
        }),
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
  const end = closeOf(s, i);
  const title = "write ( and )";
  const isStep = s.is(i - 2, t.Arrow, t.LeftBrace) || isHead(s, i - 3);
  const edits = [
    { span: s.span(i), text: "(" },
    { span: s.span(end), text: ")" },
  ];
  return {
    finding: diagnostic(
      "syntax/missing-parenthesis",
      { side: "(", callee: s.spoken(i - 1) },
      {
        span: s.span(i),
        ...(end < 0
          ? { help: title }
          : mending(isStep && !inFields.has(s.rule) ? "other-mark" : undefined, title, ...edits)),
      },
    ),
    edits: [...(end < 0 ? [] : [s.replace(end, t.RightParen)]), s.replace(i, t.LeftParen)],
  };
};

/** The bracket that closes one, on the way to it nothing but values; -1 where there is none. */
function closeOf(s: Scene, open: number): number {
  let depth = 0;
  for (let i = open; i < s.tokens.length; i++) {
    if (s.is(i, t.Arrow, t.LeftBrace, t.RightBrace)) return -1;
    if (s.is(i, t.LeftBracket, t.LeftParen)) depth++;
    if (s.is(i, t.RightBracket, t.RightParen) && --depth === 0)
      return s.is(i, t.RightBracket) ? i : -1;
  }
  return -1;
}

/** `3 x 3`: a size is one word. */
export const spacedSize: Slip = (s) => {
  const i = s.index;
  if (!s.is(i - 1, t.Int) || !/^[xX]$/.test(s.image(i)) || !s.is(i + 1, t.Int)) return undefined;
  const span = { ...s.span(i - 1), end: s.span(i + 1).end };
  const written = s.source.text.slice(span.start, span.end);
  const size = `${s.image(i - 1)}x${s.image(i + 1)}`;
  const title = `write ${size}`;
  // A comment between the numbers would be lost.
  const isPlain = /^\w+\s+\w+\s+\w+$/.test(written);
  return {
    finding: diagnostic(
      "syntax/number",
      { text: written },
      { span, ...(isPlain ? fixing("same-number", title, { span, text: size }) : { help: title }) },
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
  const title = "write a comma before it";
  const edit = { span: s.behind(s.index - 1), text: "," };
  return {
    finding: diagnostic(
      "syntax/missing-comma",
      { before: s.spoken(s.index - 1), after: s.spoken(s.index) },
      {
        span: s.span(s.index),
        ...mending(isCommaAlone(s) ? "only-mark" : undefined, title, edit),
      },
    ),
    edits: [s.insert(s.index, t.Comma)],
  };
}

/**
 * Whether nothing but a comma can be missing between two values. Before a named argument it is
 * nothing else; elsewhere it may be an arithmetic sign or a colon, unless the call is of an
 * operator that has all it needs with the comma, and too little with anything else.
 */
function isCommaAlone(s: Scene): boolean {
  const i = s.index;
  if (s.isDoubled(i)) return false;
  if (s.is(i, t.Name) && s.is(i + 1, t.Colon)) return true;
  const open = openBrackets(s.tokens, i).at(-1) ?? -1;
  if (!s.is(open, t.LeftParen) || !s.is(open - 1, t.Name)) return false;
  const isBareName = s.is(i - 1, t.Name) && s.is(i - 2, t.LeftParen, t.Comma);
  const needed = [...(operators.get(s.image(open - 1))?.signature.args.values() ?? [])].filter(
    ({ positional, required }) => positional && required,
  ).length;
  return !isBareName && positionals(s, open) + 1 === needed;
}

/** Positional arguments of a call, by its commas. */
function positionals(s: Scene, open: number): number {
  let count = 0;
  let depth = 0;
  for (let i = open + 1; i < s.tokens.length && depth >= 0; i++) {
    const begins = depth === 0 && s.is(i - 1, t.LeftParen, t.Comma) && !s.is(i, t.RightParen);
    if (begins && !(s.is(i, t.Name) && s.is(i + 1, t.Colon))) count++;
    if (s.is(i, t.LeftParen, t.LeftBracket)) depth++;
    if (s.is(i, t.RightParen, t.RightBracket)) depth--;
  }
  return count;
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

/** A comma before the first item, after the last one, or twice; or one between stages. */
export const extraComma: Slip = (s) => {
  const isHere = s.is(s.index, t.Comma);
  const isBefore =
    s.is(s.index - 1, t.Comma) && s.is(s.index, t.RightParen, t.RightBracket, t.RightBrace);
  if (!isHere && !isBefore) return undefined;
  const at = isHere ? s.index : s.index - 1;
  const title = "remove it";
  const edit = { span: s.span(at), text: "" };
  return {
    finding: diagnostic(
      "syntax/extra-comma",
      {},
      {
        span: s.span(at),
        ...mending(isNoItem(s, at) ? "no-item" : undefined, title, edit),
      },
    ),
    edits: [s.remove(at)],
  };
};

/**
 * Whether a comma can go without an item changing its place: behind the last one, typed twice, before
 * a named one, or between members, which nothing separates. An item may be lost where it stands else.
 */
function isNoItem(s: Scene, at: number): boolean {
  const isNamed = s.is(at + 1, t.Name) && s.is(at + 2, t.Colon);
  if (s.is(at - 1, t.Comma)) return isNamed || s.span(at - 1).end === s.span(at).start;
  if (!s.is(at - 1, t.Name, ...literals, t.RightParen, t.RightBracket, t.RightBrace)) return false;
  // In `(4, )` an item may be lost; in `(4,)` and before a row that closes, none is.
  const isLast =
    s.is(at + 1, t.RightParen, t.RightBracket, t.RightBrace) &&
    (!s.sameRow(at, at + 1) || s.span(at).end === s.span(at + 1).start);
  return isLast || isNamed || s.is(at + 1, ...memberWords) || s.rule === "defaultsDeclaration";
}

const memberWords = [t.Output, t.Aux, t.Labels, t.Train];
