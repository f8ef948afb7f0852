/**
 * The tokens of a text as they would stand in one long row, measured, and where that row must end.
 * What a piece takes and whether it can stay on a row is then two differences, whatever its length,
 * so that printing takes time in proportion to the text.
 */
import type { CstNode, IToken, TokenType } from "chevrotain";
import * as t from "../../../grammar/tokens.js";
import { bug } from "../../diagnostics/bug.js";
import type { ConcreteTree } from "../parse.js";
import { typesLike } from "../token-sets.js";
import { endsRow, type Gap, gapsOf, isTall } from "./gaps.js";
import { clings, isLooseMember, opens, separator } from "./separators.js";

const brackets = typesLike(t.LeftBrace, t.LeftBracket, t.LeftParen);
const closers = typesLike(t.RightBrace, t.RightBracket, t.RightParen);
const arrow = typesLike(t.Arrow);
const comma = typesLike(t.Comma);
const as = typesLike(t.As);

export class Tape {
  readonly tokens: readonly IToken[];
  /** Before each token, and after the last. */
  readonly gaps: readonly Gap[];
  /** The gap before each token, on one row. */
  readonly flat: readonly string[];
  /** Of each bracket, the one that closes it. */
  readonly closer: ReadonlyMap<number, number>;
  /** Where each token begins in the row. */
  private readonly begin: readonly number[];
  private readonly indices = new Map<number, number>();
  private readonly ends = new Map<number, number>();
  /** The first gap at or after each in which the row must end. */
  private readonly nextBreak: readonly number[];
  private readonly tails: readonly number[];

  constructor({ tokens, comments }: ConcreteTree, text: string) {
    this.tokens = tokens;
    this.gaps = gapsOf(text, tokens, comments);
    this.flat = tokens.map((token, i) => {
      this.indices.set(token.startOffset, i);
      this.ends.set(token.startOffset + token.image.length - 1, i);
      return flatGap(this.gaps[i]!, separator(tokens, i), tokens[i - 1], token);
    });
    this.begin = begins(tokens, this.flat);
    this.closer = pairs(tokens);
    this.nextBreak = nextWhere(tokens, (i) => this.mustBreak(i));
    this.tails = tailsOf(tokens);
  }

  startOf({ location }: CstNode): number {
    return this.indices.get(location?.startOffset ?? -1) ?? bug("a tree's node has no token");
  }

  endOf(node: CstNode): number {
    return this.ends.get(node.location?.endOffset ?? -1) ?? bug("a tree's node has no end");
  }

  indexOf(token: IToken): number {
    return this.indices.get(token.startOffset) ?? bug("a tree's token is not in its text");
  }

  is(i: number, types: ReadonlySet<TokenType>): boolean {
    const token = this.tokens[i];
    return token !== undefined && types.has(token.tokenType);
  }

  image(i: number): string {
    return this.tokens[i]?.image ?? "";
  }

  /** Whether the row must end before the token: a comment wants it, or the text has it so. */
  mustBreak(i: number): boolean {
    const gap = this.gaps[i]!;
    if (isTall(gap)) return true;
    if (this.is(i, arrow)) {
      return endsRow(gap) || endsRow(this.gaps[i + 1]!);
    }
    const kept = this.is(i - 1, brackets) || isLooseMember(this.tokens, i);
    return kept && endsRow(gap) && !this.is(i, closers);
  }

  /** Whether the row must end somewhere behind one token and before or at the beginning of another. */
  breaksWithin(start: number, end: number): boolean {
    return (this.nextBreak[start + 1] ?? Infinity) <= end;
  }

  /** From the beginning of one token to the end of another, or to where the row must end before. */
  width(start: number, end: number): number {
    const last = Math.min(end, (this.nextBreak[start + 1] ?? Infinity) - 1);
    return this.begin[last]! + this.image(last).length - this.begin[start]!;
  }

  /** How far the text has a token from the one before. */
  gapWidth(i: number): number {
    const before = this.tokens[i - 1]!;
    return this.tokens[i]!.startOffset - before.startOffset - before.image.length;
  }

  /** The last token that cannot be parted from the one at `i`: what closes behind it, and `as` with its name. */
  tail(i: number): number {
    return this.tails[i]!;
  }

  /** The comma behind a field, or its last token. */
  fieldEnd(last: number): number {
    return this.is(last + 1, comma) ? last + 1 : last;
  }

  /** The comma behind an item of a list, or its last token. */
  itemEnd(start: number, closer: number): number {
    let i = start;
    while (i < closer && !this.is(i, comma)) i = (this.closer.get(i) ?? i) + 1;
    return Math.min(i, closer - 1);
  }
}

function flatGap(
  { remarks }: Gap,
  space: string,
  before: IToken | undefined,
  token: IToken,
): string {
  if (remarks.length === 0) return space;
  const text = remarks.map((remark) => remark.text).join(" ");
  const lead = before === undefined || opens(before) ? "" : " ";
  return `${lead}${text}${clings(token) ? "" : " "}`;
}

function begins(tokens: readonly IToken[], flat: readonly string[]): number[] {
  let end = 0;
  return tokens.map(({ image }, i) => {
    const begin = end + flat[i]!.length;
    end = begin + image.length;
    return begin;
  });
}

function pairs(tokens: readonly IToken[]): Map<number, number> {
  const open: number[] = [];
  const closer = new Map<number, number>();
  for (const [i, token] of tokens.entries()) {
    if (brackets.has(token.tokenType)) open.push(i);
    else if (closers.has(token.tokenType))
      closer.set(open.pop() ?? bug("a bracket has no pair"), i);
  }
  return closer;
}

function nextWhere(tokens: readonly IToken[], holds: (i: number) => boolean): number[] {
  const next = new Array<number>(tokens.length + 1).fill(Infinity);
  for (let i = tokens.length - 1; i >= 0; i--) next[i] = holds(i) ? i : next[i + 1]!;
  return next;
}

const sticking = typesLike(t.RightParen, t.RightBracket, t.Comma, t.Colon, t.LeftBrace, t.As);

function tailsOf(tokens: readonly IToken[]): number[] {
  const tails = tokens.map((_, i) => i);
  for (let i = tokens.length - 2; i >= 0; i--) {
    const [type, next] = [tokens[i]!.tokenType, tokens[i + 1]!.tokenType];
    if (sticking.has(next) || as.has(type)) tails[i] = tails[i + 1]!;
  }
  return tails;
}
