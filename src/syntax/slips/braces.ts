import * as t from "../../../grammar/tokens.js";
import { diagnostic } from "../../diagnostics/catalogue.js";
import type { Edit } from "../../diagnostics/diagnostic.js";
import { fixing, mending } from "../../diagnostics/mending.js";
import { positionAt, rowStart, rowText } from "../../diagnostics/source.js";
import { compareBraces, openBrackets } from "../brackets.js";
import { braces, brackets, ifOnlyPlace, type Pair, parentheses } from "../readings.js";
import type { Mend, Scene, Slip } from "../scene.js";

/** `import A from "./a.incept"` */
export const bareImport: Slip = (s) => {
  if (s.rule !== "importDeclaration" || s.expected !== "{") return undefined;
  let end = s.index;
  while (s.is(end, t.Name, t.Comma)) end++;
  if (end === s.index || !s.is(end, t.From)) return undefined;
  const span = { ...s.span(s.index), end: s.span(end - 1).end };
  return {
    finding: diagnostic(
      "syntax/missing-brace",
      { side: "{", of: "import" },
      {
        span,
        ...fixing(
          "only-place",
          `write { ${s.source.text.slice(span.start, span.end)} }`,
          { span: s.before(s.index), text: "{ " },
          { span: s.behind(end - 1), text: " }" },
        ),
      },
    ),
    edits: [s.insert(end, t.RightBrace), s.insert(s.index, t.LeftBrace)],
  };
};

/** `module A concat {`: a body without its brace. */
export const missingOpenBrace: Slip = (s) => {
  if (!s.expected.endsWith("{") || s.rule === "importDeclaration") return undefined;
  if (s.is(s.index, t.Colon, t.LeftParen, t.LeftBracket, t.Comma, t.Equals)) return undefined;
  if (s.index >= s.tokens.length) return undefined;
  const isNear = s.sameRow(s.index - 1, s.index);
  const title = isNear ? "write { before it" : "write { here";
  const edits = [s.insert(s.index, t.LeftBrace)];
  return {
    finding: diagnostic(
      "syntax/missing-brace",
      { side: "{", of: bodyOwner(s, s.index) },
      {
        span: isNear ? s.span(s.index) : s.behind(s.index - 1),
        ...mending(ifOnlyPlace(s, edits, braces, "open"), title, {
          span: s.behind(s.index - 1),
          text: " {",
        }),
      },
    ),
    edits,
  };
};

/** A `{` that is still open where the declaration ends, or where its indentation says so. */
export const missingCloseBrace: Slip = (s) => {
  const { unclosed } = compareBraces(s.tokens, s.source);
  if (unclosed === undefined || unclosed.before > s.index) return undefined;
  const { opener, before } = unclosed;
  const edits = [s.insert(before, t.RightBrace)];
  return {
    finding: diagnostic(
      "syntax/missing-brace",
      { side: "}", of: bodyOwner(s, opener) },
      {
        span: s.behind(before - 1),
        rows: s.sameRow(opener, before - 1) ? [] : [{ span: s.span(opener), text: "opened here" }],
        ...mending(
          ifOnlyPlace(s, edits, braces, "close"),
          "write } here",
          closing(s, opener, before),
        ),
      },
    ),
    edits,
  };
};

/** On a row of its own where the body has rows of its own, else behind the last token. */
function closing(s: Scene, opener: number, before: number): Edit {
  const last = s.behind(before - 1);
  const { source } = s;
  const { line } = positionAt(source, last.start);
  const isRowEnd = before >= s.tokens.length || !s.sameRow(before - 1, before);
  if (s.sameRow(opener, before - 1) || !isRowEnd) return { span: last, text: " }" };
  const end = rowStart(source, line) + rowText(source, line).length;
  const indent = /^[ \t]*/.exec(rowText(source, s.row(opener)))![0];
  const lineEnd = /\r\n|\r/.exec(source.text)?.[0] ?? "\n";
  return { span: { source, start: end, end }, text: `${lineEnd}${indent}}` };
}

/** A `}` that ends the declaration too early, or one that has no `{`. */
export const extraBrace: Slip = (s) => {
  if (!s.is(s.index, t.RightBrace) && !s.is(s.index - 1, t.RightBrace)) {
    if (s.rule !== "file") return undefined;
  }
  const { extra } = compareBraces(s.tokens, s.source);
  if (extra === undefined || extra > s.index) return undefined;
  return extraBracket(s, extra, braces);
};

/** A `)` or `]` that closes nothing; one that closes a bracket of the other kind is not this. */
export const extraParenthesis: Slip = (s) => {
  if (!s.is(s.index, t.RightParen, t.RightBracket)) return undefined;
  const innermost = openBrackets(s.tokens, s.index).at(-1);
  if (innermost !== undefined && !s.is(innermost, t.LeftBrace)) return undefined;
  return extraBracket(s, s.index, s.is(s.index, t.RightParen) ? parentheses : brackets);
};

function extraBracket(s: Scene, index: number, pair: Pair): Mend {
  const edits = [s.remove(index)];
  const edit = { span: s.span(index), text: "" };
  return {
    finding: diagnostic(
      "syntax/extra-bracket",
      { bracket: s.image(index) },
      { span: s.span(index), ...mending(ifOnlyPlace(s, edits, pair, "open"), "remove it", edit) },
    ),
    edits,
  };
}

/** `Inception`, `concat`: whose body begins at or before a token. */
function bodyOwner(s: Scene, index: number): string {
  let i = index - 1;
  if (s.is(i, t.Colon)) i--;
  if (s.is(i, t.RightParen)) while (i > 0 && !s.is(i, t.LeftParen)) i--;
  if (s.is(i, t.LeftParen)) i--;
  return s.is(i, t.Name) || s.isKeyword(i) ? s.image(i) : "this";
}
