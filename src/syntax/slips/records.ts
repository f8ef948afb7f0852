/** Brackets of the wrong kind around fields and behind a field's value, and names in quotes. */
import type { TokenType } from "chevrotain";
import * as t from "../../../grammar/tokens.js";
import { diagnostic } from "../../diagnostics/catalogue.js";
import { suggesting, type Mending } from "../../diagnostics/mending.js";
import { within } from "../brackets.js";
import type { Mend, Scene, Slip } from "../scene.js";
import { unquoted } from "../expressions-to-ast.js";

/** `loss: [prob: cross_entropy]`, `loss: (prob: cross_entropy)`: fields stand in braces. */
export const bracketedRecord: Slip = (s) => {
  const open = s.index - 2;
  const isRecord =
    s.is(s.index, t.Colon) &&
    s.is(s.index - 1, t.Name) &&
    s.is(open, t.LeftBracket, t.LeftParen) &&
    s.is(open - 1, t.Colon);
  return isRecord ? exchanged(s, open, { open: "{", close: "}" }) : undefined;
};

/** `optimizer: sgd { lr: 0.1 }`: arguments stand in parentheses. */
export const bracedArguments: Slip = (s) => {
  const open = s.index;
  const isValue = s.is(open, t.LeftBrace) && s.is(open - 1, t.Name) && s.is(open - 2, t.Colon);
  const isField = s.rule === "train" || s.rule === "record" || s.rule === "defaultsEntry";
  return isValue && isField ? exchanged(s, open, { open: "(", close: ")" }) : undefined;
};

interface Pair {
  readonly open: "{" | "(";
  readonly close: "}" | ")";
}

/** A pair of brackets in place of the one that is open at a token; of its partner where it has one. */
function exchanged(s: Scene, open: number, pair: Pair): Mend | undefined {
  const last = [...within(s.tokens, open)].at(-1);
  const close = last?.index ?? open;
  if (last?.depth !== 0 || !s.is(close, closerOf(s, open))) return undefined;
  const mending = suggesting(
    `write ${pair.open} and ${pair.close}`,
    { span: s.span(open), text: pair.open },
    { span: s.span(close), text: pair.close },
  );
  const isBraces = pair.open === "{";
  const [opening, closing] = isBraces ? [t.LeftBrace, t.RightBrace] : [t.LeftParen, t.RightParen];
  return {
    finding: finding(s, open, isBraces, mending),
    edits: [s.replace(open, opening), s.replace(close, closing)],
  };
}

const closerOf = (s: Scene, open: number): TokenType =>
  s.is(open, t.LeftBrace) ? t.RightBrace : s.is(open, t.LeftParen) ? t.RightParen : t.RightBracket;

function finding(s: Scene, open: number, isBraces: boolean, mending: Mending): Mend["finding"] {
  const place = { span: s.span(open), ...mending };
  return isBraces
    ? diagnostic("syntax/missing-brace", { side: "{", of: s.spoken(open - 2) }, place)
    : diagnostic("syntax/missing-parenthesis", { side: "(", callee: s.spoken(open - 1) }, place);
}

/** `{ "prob": cross_entropy }`: names are written without quotes. */
export const quotedField: Slip = (s) => {
  const i = s.index;
  const isField = s.expected === "a field or }" && s.is(i, t.StringLiteral) && s.is(i + 1, t.Colon);
  const name = unquoted(s.image(i));
  if (!isField || !/^[A-Za-z_]\w*$/.test(name)) return undefined;
  const span = s.span(i);
  return {
    finding: diagnostic(
      "syntax/unexpected",
      { expected: s.expected, found: s.spoken(i) },
      { span, ...suggesting(`write ${name}`, { span, text: name }) },
    ),
    edits: [s.replace(i, t.Name)],
  };
};
