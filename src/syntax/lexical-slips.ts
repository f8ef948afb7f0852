import type { ILexingError, IToken, TokenType } from "chevrotain";
import * as t from "../../grammar/tokens.js";
import { diagnostic } from "../diagnostics/catalogue.js";
import { fixing, suggesting, type Mending } from "../diagnostics/mending.js";
import type { Diagnostic, Source, Span } from "../diagnostics/diagnostic.js";
import { positionAt } from "../diagnostics/source.js";
import { isOneOf, stepEnds, stepStarts } from "./token-sets.js";
import { spoken } from "./words.js";

/**
 * What is wrong with a word by itself, whatever stands around it. Of a row, the first of each
 * kind is enough, and of a text the first `limit` rows.
 */
export function findLexicalSlips(
  tokens: readonly IToken[],
  groups: Readonly<Record<string, IToken[]>>,
  errors: readonly ILexingError[],
  source: Source,
  limit: number,
): Diagnostic[] {
  const chaining = arrowsBetweenSteps(tokens);
  const ofToken = (token: IToken): Diagnostic | undefined =>
    token.tokenType === t.WrongArrow
      ? wrongArrow(token, source, chaining.has(token))
      : slip(token, source);
  const ofError = ({ offset, length }: ILexingError): Diagnostic => stray(source, offset, length);
  return [
    ...firstOfRows(tokens, ofToken, limit),
    ...firstOfRows(groups[t.slipGroup] ?? [], ofToken, limit),
    ...firstOfRows(errors, ofError, limit),
  ];
}

/** Items come in the order of the text. */
function firstOfRows<T>(
  items: readonly T[],
  find: (item: T) => Diagnostic | undefined,
  limit: number,
): Diagnostic[] {
  const found: Diagnostic[] = [];
  let row = 0;
  for (const item of items) {
    const finding = find(item);
    if (finding === undefined) continue;
    const { line } = positionAt(finding.span.source, finding.span.start);
    if (line > row) found.push(finding);
    row = line;
    if (found.length >= limit) break;
  }
  return found;
}

function slip(token: IToken, source: Source): Diagnostic | undefined {
  const start = token.startOffset;
  const span = { source, start, end: start + token.image.length };
  switch (token.tokenType) {
    case t.WrongNumber:
      return wrongNumber(token, span);
    case t.OpenString:
      return diagnostic("syntax/unterminated-string", {}, { span, help: 'close it with "' });
    case t.WrongQuotes:
      return wrongQuotes(token, span);
    case t.ForeignName:
      return foreignName(token, source);
    case t.HashComment:
      return diagnostic(
        "syntax/hash-comment",
        {},
        respelled("other-mark", { source, start, end: start + 1 }, "//"),
      );
    case t.Semicolon:
      return diagnostic("syntax/character", { character: ";" }, { span, help: "remove it" });
    case t.OpenComment:
      return diagnostic(
        "syntax/unterminated-comment",
        {},
        { span: { source, start, end: start + 2 }, help: "close it with */" },
      );
    case t.Int:
    case t.Float:
      return outOfRange(token, span);
    default:
      return undefined;
  }
}

/** A finding's place, and the fix that writes it as the language does. */
const respelled = (
  because: "other-mark" | "same-number",
  span: Span,
  text: string,
): { readonly span: Span } & Mending => ({
  span,
  ...fixing(because, `write ${text}`, { span, text }),
});

/** Those outside of parentheses and brackets, with a step's end before and a step behind. */
function arrowsBetweenSteps(tokens: readonly IToken[]): ReadonlySet<IToken> {
  const found = new Set<IToken>();
  let depth = 0;
  tokens.forEach((token, i) => {
    const type = token.tokenType;
    if (opens.has(type)) depth++;
    else if (closes.has(type)) depth--;
    else if (type === t.LeftBrace || type === t.RightBrace) depth = 0;
    const isBetween = isOneOf(tokens[i - 1], stepEnds) && isOneOf(tokens[i + 1], stepStarts);
    if (type === t.WrongArrow && depth === 0 && isBetween) found.add(token);
  });
  return found;
}

const opens = new Set<TokenType>([t.LeftParen, t.LeftBracket]);
const closes = new Set<TokenType>([t.RightParen, t.RightBracket]);

function wrongArrow(token: IToken, source: Source, isArrow: boolean): Diagnostic {
  const start = token.startOffset;
  const span = { source, start, end: start + token.image.length };
  // In an argument it may be a comparison or a shift of another language.
  const mending = isArrow
    ? respelled("other-mark", span, "->")
    : { span, ...suggesting("write ->", { span, text: "->" }) };
  return diagnostic("syntax/wrong-arrow", { found: token.image }, mending);
}

function wrongQuotes({ image }: IToken, span: Span): Diagnostic {
  const inside = image.slice(1).replace(/['“”]$/, "");
  const text = `"${inside}"`;
  // Without its end or with the other quotes inside, where the string ends is a guess.
  const isWhole = inside.length === image.length - 2 && !inside.includes('"');
  const mending = isWhole
    ? respelled("other-mark", span, text)
    : { span, ...suggesting(`write ${text}`, { span, text }) };
  return diagnostic("syntax/quotes", {}, mending);
}

function wrongNumber(token: IToken, span: Span): Diagnostic {
  const params = { text: spoken(token) };
  const size = /^(\d+)[xX×](\d+)$/.exec(token.image);
  if (size !== null) {
    return diagnostic(
      "syntax/number",
      params,
      respelled("same-number", span, `${size[1]}x${size[2]}`),
    );
  }
  if (/^\.\d+$/.test(token.image) && !/\w/.test(span.source.text[span.start - 1] ?? "")) {
    return diagnostic("syntax/number", params, respelled("same-number", span, `0${token.image}`));
  }
  if (/^\d+\.$/.test(token.image)) {
    // Digits may be lost behind the point.
    const text = token.image.slice(0, -1);
    return diagnostic("syntax/number", params, {
      span,
      ...suggesting(`write ${text}`, { span, text }),
    });
  }
  const help = /x/.test(token.image) ? "write a size as height x width, such as 3x3" : undefined;
  return diagnostic("syntax/number", params, { span, help });
}

function foreignName(token: IToken, source: Source): Diagnostic {
  const offset = token.image.search(/[^A-Za-z0-9_]/);
  const start = token.startOffset + offset;
  return diagnostic(
    "syntax/character",
    { character: token.image[offset] ?? "" },
    {
      span: { source, start, end: start + 1 },
      help: "names are made of A-Z, a-z, 0-9 and _",
    },
  );
}

function outOfRange(token: IToken, span: Span): Diagnostic | undefined {
  const value = Number(token.image.replaceAll("_", ""));
  const fits = token.tokenType === t.Int ? Number.isSafeInteger(value) : Number.isFinite(value);
  return fits ? undefined : diagnostic("syntax/number-range", { text: spoken(token) }, { span });
}

function stray(source: Source, start: number, length: number): Diagnostic {
  const text = source.text.slice(start, start + length);
  const first = String.fromCodePoint(text.codePointAt(0) ?? 0);
  const shown = /[\p{L}\p{N}\p{P}\p{S}]/u.test(first)
    ? first
    : `The character U+${(first.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
  return diagnostic(
    "syntax/character",
    { character: shown },
    { span: { source, start, end: start + length }, help: "remove it" },
  );
}
