/**
 * Whether a bracket that is missing or too many can be put right in one way only. Indentation and
 * the rows say where it was probably meant; only that nowhere else will do makes it certain.
 */
import type { IToken, TokenType } from "chevrotain";
import type { DeclarationCstNode } from "../../grammar/cst.generated.js";
import * as t from "../../grammar/tokens.js";
import type { Source } from "../diagnostics/diagnostic.js";
import { toAst } from "./cst-to-ast.js";
import { Nodes } from "./nodes.js";
import { edited, parseTokens, type TokenEdit } from "./parse-tokens.js";
import type { Scene } from "./scene.js";
import { arithmetic, joins, literals } from "./token-sets.js";

/** Tokens that are parsed to compare readings, for one text: a bound on the time that they take. */
export const maxCompared = 400_000;

/** What a text with one bracket put in or taken out comes to. */
interface Reading {
  /** Tokens from where the parser stopped to the end; -1 where it did not. */
  readonly left: number;
  /** The tree without places, where all of it was read. */
  readonly meaning?: string;
}

export interface Pair {
  readonly open: TokenType;
  readonly close: TokenType;
  /** What may stand before either: other places need not be tried. */
  readonly behind: Readonly<Record<Side, readonly TokenType[]>>;
}

type Side = "open" | "close";

const valueEnds = [...literals, t.Name, t.RightParen, t.RightBracket];
const valueStarts = [t.LeftParen, t.LeftBracket, t.Comma, t.Colon, t.Equals, ...arithmetic];

export const braces: Pair = {
  open: t.LeftBrace,
  close: t.RightBrace,
  behind: {
    open: [t.Name, t.RightParen, t.Colon, ...joins, t.Train, t.Defaults, t.Import],
    close: [...valueEnds, t.RightBrace, t.LeftBrace],
  },
};
export const parentheses: Pair = {
  open: t.LeftParen,
  close: t.RightParen,
  behind: { open: [...valueStarts, t.Name, ...joins], close: [...valueEnds, t.LeftParen] },
};
export const brackets: Pair = {
  open: t.LeftBracket,
  close: t.RightBracket,
  behind: { open: [...valueStarts, t.F32], close: [...valueEnds, t.LeftBracket] },
};

/**
 * The reason for which `edits` are certain, if they are: nothing else lets the parser go on. Tried
 * are one more of the bracket that lacks, at every place, and one less of its partner.
 *
 * @param lacking the side of the pair of which there are too few
 */
export const ifOnlyPlace = (
  s: Scene,
  edits: readonly TokenEdit[],
  pair: Pair,
  lacking: Side,
): "only-place" | undefined => (isOnlyPlace(s, edits, pair, lacking) ? "only-place" : undefined);

function isOnlyPlace(s: Scene, edits: readonly TokenEdit[], pair: Pair, lacking: Side): boolean {
  if (edits.some(({ at }) => s.isDoubled(at) || isCommentedOut(s, at))) return false;
  const mended = edited(s.tokens, edits);
  const reading = read(mended, s);
  // The parser has to get past the token at which it stopped, and past the next one.
  const past = s.tokens.length - s.index - 1;
  if (reading === undefined || (reading.left >= 0 && reading.left >= past)) return false;
  for (const tokens of otherTokens(s, pair, lacking)) {
    if (sameImages(tokens, mended)) continue;
    const other = read(tokens, s);
    if (other === undefined) return false;
    const isSame = other.meaning !== undefined && other.meaning === reading.meaning;
    if (other.left <= reading.left && !isSame) return false;
  }
  return true;
}

/** Whether a bracket stands in a comment before a token: it may be the one that is missing. */
function isCommentedOut(s: Scene, at: number): boolean {
  const end = s.tokens[at]?.startOffset ?? s.next?.startOffset ?? s.source.text.length;
  return /[()[\]{}]/.test(s.source.text.slice(s.behind(at - 1).start, end));
}

function* otherTokens(s: Scene, pair: Pair, lacking: Side): Generator<IToken[]> {
  const [more, less] = lacking === "open" ? [pair.open, pair.close] : [pair.close, pair.open];
  for (const at of segment(s, pair)) {
    if (s.is(at, less)) yield edited(s.tokens, [s.remove(at)]);
    if (s.is(at - 1, ...pair.behind[lacking])) yield edited(s.tokens, [s.insert(at, more)]);
  }
}

/** The places where it can stand: a bracket of values is not further than the step. */
function* segment(s: Scene, pair: Pair): Generator<number> {
  let [start, end] = [0, s.tokens.length];
  if (pair !== braces) {
    const isEdge = (i: number): boolean => s.is(i, t.Arrow, t.LeftBrace, t.RightBrace);
    for (start = s.index; start > 0 && !isEdge(start - 1);) start--;
    for (end = s.index; end < s.tokens.length && !isEdge(end);) end++;
  }
  for (let i = start; i <= end; i++) yield i;
}

/** Undefined once the text has been read too often. */
function read(tokens: readonly IToken[], { comparisons, source }: Scene): Reading | undefined {
  comparisons.left -= tokens.length;
  if (comparisons.left < 0) return undefined;
  const { declarations, error } = parseTokens(tokens);
  if (error === undefined) return { left: -1, meaning: meaningOf(declarations, source) };
  const at = tokens.indexOf(error.token);
  return { left: at < 0 ? 0 : tokens.length - at };
}

function meaningOf(declarations: readonly DeclarationCstNode[], source: Source): string {
  const tree = toAst(declarations, [], new Nodes(source, new Map()));
  return JSON.stringify(tree, (key, value: unknown) => (places.has(key) ? undefined : value));
}

/** The keys of the tree that tell where something stands. */
const places = new Set(["source", "span", "keyword"]);

const sameImages = (a: readonly IToken[], b: readonly IToken[]): boolean =>
  a.length === b.length && a.every(({ image }, i) => image === b[i]?.image);
