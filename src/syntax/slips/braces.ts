import * as t from "../../../grammar/tokens.js";
import { diagnostic } from "../../diagnostics/catalogue.js";
import { fixing, suggesting } from "../../diagnostics/mending.js";
import { compareBraces, openBrackets } from "../brackets.js";
import type { Scene, Slip } from "../scene.js";

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
  const span = isNear ? s.span(s.index) : s.behind(s.index - 1);
  return {
    finding: diagnostic(
      "syntax/missing-brace",
      { side: "{", of: bodyOwner(s, s.index) },
      {
        span,
        ...suggesting(isNear ? "write { before it" : "write { here", {
          span: s.behind(s.index - 1),
          text: " {",
        }),
      },
    ),
    edits: [s.insert(s.index, t.LeftBrace)],
  };
};

/** A `{` that is still open where the declaration ends, or where its indentation says so. */
export const missingCloseBrace: Slip = (s) => {
  const { unclosed } = compareBraces(s.tokens, s.source);
  if (unclosed === undefined || unclosed.before > s.index) return undefined;
  const { opener, before } = unclosed;
  const span = s.behind(before - 1);
  return {
    finding: diagnostic(
      "syntax/missing-brace",
      { side: "}", of: bodyOwner(s, opener) },
      {
        span,
        rows: s.sameRow(opener, before - 1) ? [] : [{ span: s.span(opener), text: "opened here" }],
        ...suggesting("write } here", { span, text: " }" }),
      },
    ),
    edits: [s.insert(before, t.RightBrace)],
  };
};

/** A `}` that ends the declaration too early, or one that has no `{`. */
export const extraBrace: Slip = (s) => {
  if (!s.is(s.index, t.RightBrace) && !s.is(s.index - 1, t.RightBrace)) {
    if (s.rule !== "file") return undefined;
  }
  const { extra } = compareBraces(s.tokens, s.source);
  if (extra === undefined || extra > s.index) return undefined;
  return extraBracket(s, extra);
};

/** A `)` or `]` that closes nothing; one that closes a bracket of the other kind is not this. */
export const extraParenthesis: Slip = (s) => {
  if (!s.is(s.index, t.RightParen, t.RightBracket)) return undefined;
  const innermost = openBrackets(s.tokens, s.index).at(-1);
  if (innermost !== undefined && !s.is(innermost, t.LeftBrace)) return undefined;
  return extraBracket(s, s.index);
};

const extraBracket = (s: Scene, index: number) => ({
  finding: diagnostic(
    "syntax/extra-bracket",
    { bracket: s.image(index) },
    { span: s.span(index), ...suggesting("remove it", { span: s.span(index), text: "" }) },
  ),
  edits: [s.remove(index)],
});

/** `Inception`, `concat`: whose body begins at or before a token. */
function bodyOwner(s: Scene, index: number): string {
  let i = index - 1;
  if (s.is(i, t.RightParen)) while (i > 0 && !s.is(i, t.LeftParen)) i--;
  if (s.is(i, t.LeftParen)) i--;
  return s.is(i, t.Name) || s.isKeyword(i) ? s.image(i) : "this";
}
