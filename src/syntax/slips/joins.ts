import type { TokenType } from "chevrotain";
import * as t from "../../../grammar/tokens.js";
import { diagnostic } from "../../diagnostics/catalogue.js";
import type { Span } from "../../diagnostics/diagnostic.js";
import { likening, mending, type Mending, suggesting } from "../../diagnostics/mending.js";
import { suggest } from "../../diagnostics/suggest.js";
import { foreignOperator } from "../../ops/foreign/find.js";
import { compareBraces, openBrackets, within } from "../brackets.js";
import type { Mend, Scene, Slip } from "../scene.js";
import { joins } from "../token-sets.js";

/** `concta {` */
export const unknownJoin: Slip = (s) => {
  // A field's braces lack their colon.
  if (!s.is(s.index, t.LeftBrace) || s.rule === "field") return undefined;
  let name = s.index - 1;
  if (s.is(name, t.RightParen)) {
    while (name > 0 && !s.is(name, t.LeftParen)) name--;
    name--;
  }
  if (!s.is(name, t.Name) || s.is(name, t.Join) || s.rule === "file") return undefined;
  const written = s.image(name);
  const near = joins.find((join) => join.LABEL === suggest(written, words));
  const hasBranches = s.is(s.index + 1, t.Name) && s.is(s.index + 2, t.Colon);
  const join = near ?? (hasBranches ? t.joinTokens[0]! : t.Residual);
  const unlabelled = s.rule === "stage" && s.expected === ":";
  const known = `${words.slice(0, -1).join(", ")} and ${words.at(-1)!}`;
  return {
    finding: diagnostic(
      "syntax/unknown-join",
      { name: s.spoken(name), known },
      { span: s.span(name), ...likeJoin(written, s.span(name)) },
    ),
    edits: [s.replace(name, join), ...(unlabelled ? [s.insert(name, t.Name, t.Colon)] : [])],
  };
};

const words = joins.map((type: TokenType) => type.LABEL ?? type.name);

/** `cat {` is concat in other frameworks, whatever it resembles. */
function likeJoin(written: string, span: Span): Partial<Mending> {
  const foreign = foreignOperator(written)?.write?.split(" {")[0];
  return foreign !== undefined && words.includes(foreign) && foreign !== written.toLowerCase()
    ? suggesting(`write ${foreign}`, { span, text: foreign })
    : likening(written, { words }, span);
}

/** `add(a, b)`, `add(l: relu  r: tanh)` and `add[…]`: what a join holds stands in braces. */
export const bracketedJoin: Slip = (s) => {
  const open = openingBracket(s);
  if (open === undefined) return undefined;
  const inside = [...within(s.tokens, open)];
  const { index: close, depth } = inside.at(-1) ?? { index: open, depth: 1 };
  if (depth > 0 || !s.is(close, t.RightParen, t.RightBracket)) return undefined;
  if (s.is(close + 1, t.LeftBrace)) return undefined;
  const commas = inside.filter(({ index, depth }) => depth === 1 && s.is(index, t.Comma));
  const isBranches = s.is(open + 1, t.Name) && s.is(open + 2, t.Colon);
  const { finding, edits } = isBranches
    ? inBraces(
        s,
        open,
        commas.map(({ index }) => index),
        close,
      )
    : called(s, open, close);
  const of = { side: "{" as const, of: s.image(open - 1) };
  return {
    finding: diagnostic("syntax/missing-brace", of, { span: s.span(open), ...finding }),
    edits,
  };
};

/** That of the join in which, or behind which, the parser stopped. */
function openingBracket(s: Scene): number | undefined {
  const isOfJoin = (at: number): boolean =>
    s.is(at, t.LeftParen, t.LeftBracket) && s.is(at - 1, t.Join);
  const around = openBrackets(s.tokens, s.index).findLast(isOfJoin);
  if (around !== undefined || isOfJoin(s.index)) return around ?? s.index;
  if (s.rule !== "branches" || s.expected !== "{" || !s.is(s.index - 1, t.RightParen)) return;
  // A brace that closes one which is not there tells that the branches follow.
  if (compareBraces(s.tokens, s.source).extra !== undefined) return undefined;
  // What stands between was read as arguments, so that the brackets in it have their partners.
  let depth = 0;
  for (let i = s.index - 1; i >= 0; i--) {
    if (s.is(i, t.RightParen, t.RightBracket)) depth++;
    if (s.is(i, t.LeftParen, t.LeftBracket) && --depth === 0) return isOfJoin(i) ? i : undefined;
  }
  return undefined;
}

type Said = Pick<Mend, "edits"> & { readonly finding: Partial<Mending> };

function inBraces(s: Scene, open: number, commas: readonly number[], close: number): Said {
  const change = (at: number, text: string) => ({ span: s.span(at), text });
  const texts = [change(open, " { "), ...commas.map((at) => change(at, "")), change(close, " }")];
  return {
    finding: mending(undefined, "write { and }", ...texts),
    edits: [
      s.replace(open, t.LeftBrace),
      ...commas.map((at) => s.remove(at)),
      s.replace(close, t.RightBrace),
    ],
  };
}

function called(s: Scene, open: number, close: number): Said {
  const types = [t.LeftBrace, t.Name, t.Colon, t.Name, t.RightBrace];
  return {
    finding: { help: `write ${s.image(open - 1)} { a: …  b: … }` },
    edits: [{ ...s.insert(open, ...types), remove: close - open + 1 }],
  };
}
