import * as t from "../../../grammar/tokens.js";
import { diagnostic } from "../../diagnostics/catalogue.js";
import { mending } from "../../diagnostics/mending.js";
import { operators } from "../../ops/registry.js";
import { openBrackets } from "../brackets.js";
import type { Mend, Scene, Slip } from "../scene.js";
import { literals } from "../token-sets.js";

/** `conv(1x1 64)`: two values side by side. */
export function missingComma(s: Scene): Mend {
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
