import type { ILexingError, IToken } from "chevrotain";
import * as t from "../../grammar/tokens.js";
import { diagnostic } from "../diagnostics/catalogue.js";
import type { Diagnostic, Fix, Source, Span } from "../diagnostics/diagnostic.js";
import { positionAt } from "../diagnostics/source.js";
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
  const ofToken = (token: IToken): Diagnostic | undefined => slip(token, source);
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
    case t.WrongArrow:
      return diagnostic("syntax/wrong-arrow", { found: token.image }, replaced(span, "->"));
    case t.WrongNumber:
      return wrongNumber(token, span);
    case t.OpenString:
      return diagnostic("syntax/unterminated-string", {}, { span, help: 'close it with "' });
    case t.WrongQuotes:
      return diagnostic("syntax/quotes", {}, replaced(span, doubleQuoted(token.image)));
    case t.ForeignName:
      return foreignName(token, source);
    case t.HashComment:
      return diagnostic(
        "syntax/hash-comment",
        {},
        replaced({ source, start, end: start + 1 }, "//"),
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

/** `help: write …` and the same as a fix. */
function replaced(span: Span, text: string): { span: Span; help: string; fixes: Fix[] } {
  const title = `write ${text}`;
  return { span, help: title, fixes: [{ title, edits: [{ span, text }] }] };
}

const doubleQuoted = (image: string): string => `"${image.slice(1).replace(/['“”]$/, "")}"`;

function wrongNumber(token: IToken, span: Span): Diagnostic {
  const params = { text: spoken(token) };
  const size = /^(\d+)[xX×](\d+)$/.exec(token.image);
  if (size !== null) {
    return diagnostic("syntax/number", params, replaced(span, `${size[1]}x${size[2]}`));
  }
  if (/^\.\d+$/.test(token.image)) {
    return diagnostic("syntax/number", params, replaced(span, `0${token.image}`));
  }
  if (/^\d+\.$/.test(token.image)) {
    return diagnostic("syntax/number", params, replaced(span, token.image.slice(0, -1)));
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
