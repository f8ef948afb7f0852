import * as t from "../../../grammar/tokens.js";
import { diagnostic } from "../../diagnostics/catalogue.js";
import type { Span } from "../../diagnostics/diagnostic.js";
import { fixing, mending, suggesting } from "../../diagnostics/mending.js";
import { openBrackets } from "../brackets.js";
import { isHead } from "../members.js";
import type { Scene, Slip } from "../scene.js";
import { arithmetic, literals } from "../token-sets.js";

/** `conv 1x1, 64` and `repeat 3 {`: arguments without their parentheses. */
export const missingOpenParenthesis: Slip = (s) => {
  const i = s.index;
  const ofRepeat = s.rule === "repeat" && s.expected === "(";
  if (!ofRepeat && !(s.is(i - 1, t.Name) && beginsArguments(s, i))) return undefined;
  if (ofRepeat && !s.is(i, t.Name, ...literals)) return undefined;
  if (inFields.has(s.rule) && s.expected === ":") return undefined;
  const end = argumentsEnd(s, i);
  const isClosed = s.is(end, t.RightParen);
  const span = { ...s.span(i), end: s.span(end - 1).end };
  const text = s.source.text.slice(span.start, span.end);
  const title = `write ${s.image(i - 1)}(${text})`;
  const edits = [
    { span: gap(s, i), text: "(" },
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

/** The blank before a token; where there is more than that, the place just before it. */
function gap(s: Scene, i: number): Span {
  const span = { ...s.before(i), start: s.span(i - 1).end };
  return s.source.text.slice(span.start, span.end).trim() === "" ? span : s.before(i);
}

const inFields = new Set(["train", "record", "fields", "field", "defaultsEntry"]);

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
