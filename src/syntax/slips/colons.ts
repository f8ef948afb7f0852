import * as t from "../../../grammar/tokens.js";
import { diagnostic } from "../../diagnostics/catalogue.js";
import { fixing, mending } from "../../diagnostics/mending.js";
import { operators } from "../../ops/registry.js";
import type { Scene, Slip } from "../scene.js";
import { literals } from "../token-sets.js";

/** `pad=same`, `a = relu` */
export const equalsForColon: Slip = (s) => {
  const i = s.index;
  if (!s.is(i, t.Equals) || !s.is(i - 1, t.Name, t.RightParen)) return undefined;
  return {
    finding: diagnostic(
      "syntax/equals-for-colon",
      { name: s.spoken(nameBefore(s, i)) },
      { span: s.span(i), ...fixing("other-mark", "write :", { span: s.span(i), text: ":" }) },
    ),
    edits: [s.replace(i, t.Colon)],
  };
};

/** `const a: 3`, `module A(n: 3) {` */
export const colonForEquals: Slip = (s) => {
  const i = s.index;
  if (!s.is(i, t.Colon) || !s.is(i - 1, t.Name)) return undefined;
  if (s.rule !== "params" && s.rule !== "constDeclaration") return undefined;
  const edit = { span: s.span(i), text: "=" };
  // `n: number` says a type, and no value that could be the default.
  const isValue = s.is(i + 1, ...literals, t.LeftBracket, t.LeftParen, t.Minus);
  return {
    finding: diagnostic(
      "syntax/colon-for-equals",
      { name: s.spoken(i - 1) },
      {
        span: s.span(i),
        ...mending(isValue ? "other-mark" : undefined, "write =", edit),
      },
    ),
    edits: [s.replace(i, t.Equals)],
  };
};

/** `b1 conv(1x1, 64)`, `output prob softmax` */
export const missingColon: Slip = (s) => {
  const i = s.index;
  if (s.expected !== ":" || i >= s.tokens.length) return undefined;
  if (!s.is(i - 1, t.Name, t.RightParen) || s.is(i, t.Arrow, t.LeftParen, t.RightBrace, t.Comma)) {
    return undefined;
  }
  const title = "write a colon before it";
  const edit = { span: s.behind(i - 1), text: ":" };
  // In a stage the name before may be a step as well, whose arrow is missing.
  const isName = !s.isDoubled(i) && (s.rule !== "stage" || !operators.has(s.image(i - 1)));
  return {
    finding: diagnostic(
      "syntax/missing-colon",
      { name: s.spoken(nameBefore(s, i)) },
      {
        span: s.span(i),
        ...mending(isName ? "only-mark" : undefined, title, edit),
      },
    ),
    edits: [s.insert(i, t.Colon)],
  };
};

/** `train: {`, `conv: {` in defaults, `labels: "…"` */
export const extraColon: Slip = (s) => {
  if (!s.is(s.index, t.Colon)) return undefined;
  const opens = s.expected === "{" && s.is(s.index + 1, t.LeftBrace);
  const names = s.rule === "labels" && s.is(s.index + 1, t.StringLiteral);
  if (!opens && !names) return undefined;
  return {
    finding: diagnostic(
      "syntax/unexpected",
      { expected: s.expected, found: ":" },
      {
        span: s.span(s.index),
        ...fixing("no-item", "remove the colon", { span: s.span(s.index), text: "" }),
      },
    ),
    edits: [s.remove(s.index)],
  };
};

/** The name that a colon belongs to, past an aux's arguments. */
function nameBefore(s: Scene, i: number): number {
  let at = i - 1;
  if (s.is(at, t.RightParen)) while (at > 0 && !s.is(at, t.LeftParen)) at--;
  return s.is(at, t.LeftParen) ? at - 1 : at;
}
