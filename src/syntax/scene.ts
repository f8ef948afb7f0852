import { createTokenInstance, type IToken, type TokenType } from "chevrotain";
import * as t from "../../grammar/tokens.js";
import type { Diagnostic, Source, Span } from "../diagnostics/diagnostic.js";
import { positionAt } from "../diagnostics/source.js";
import type { TokenEdit } from "./parse-tokens.js";
import { isOneOf } from "./token-sets.js";
import { spoken } from "./words.js";

/** What a slip is called, and what makes the tokens parse as they were probably meant. */
export interface Mend {
  readonly finding: Diagnostic;
  readonly edits: readonly TokenEdit[];
}

/** Knows one slip: its mend where this is one, undefined where it is not. */
export type Slip = (scene: Scene) => Mend | undefined;

const inserted = new WeakSet<IToken>();
const keywordTypes = new Set<TokenType>(t.keywords);

export interface Surroundings {
  readonly source: Source;
  /** What follows this declaration in the file. */
  readonly next: IToken | undefined;
  /** How many tokens may still be parsed to compare readings. */
  readonly comparisons: { left: number };
}

/** The place in one declaration where the parser could not go on. */
export class Scene {
  readonly source: Source;
  readonly next: IToken | undefined;
  readonly comparisons: { left: number };

  constructor(
    readonly tokens: readonly IToken[],
    /** Of the token that was refused; `tokens.length` at the end. */
    readonly index: number,
    /** The innermost rule that the parser was in; "file" outside of declarations. */
    readonly rule: string,
    /** In the words of grammar/messages.ts. */
    readonly expected: string,
    { source, next, comparisons }: Surroundings,
  ) {
    this.source = source;
    this.next = next;
    this.comparisons = comparisons;
  }

  at(index: number): IToken | undefined {
    return this.tokens[index];
  }

  /** Whether the token there has one of the types, or stands for one. */
  is(index: number, ...types: TokenType[]): boolean {
    return isOneOf(this.tokens[index], types);
  }

  isKeyword(index: number): boolean {
    const type = this.tokens[index]?.tokenType;
    return type !== undefined && keywordTypes.has(type);
  }

  image(index: number): string {
    return this.tokens[index]?.image ?? "";
  }

  spoken(index: number): string {
    const token = this.tokens[index] ?? this.next;
    return token === undefined ? "the end of the file" : spoken(token);
  }

  /** Whether a mend put the token there, so that it is not in the text. */
  isInserted(index: number): boolean {
    const token = this.tokens[index];
    return token !== undefined && inserted.has(token);
  }

  /** Whether a word stands there twice: then it may be one too many. */
  isDoubled(index: number): boolean {
    return (
      index > 0 && /^\w/.test(this.image(index)) && this.image(index - 1) === this.image(index)
    );
  }

  /** Of a token; just behind the last one at the end. */
  span(index: number): Span {
    const token = this.tokens[index];
    if (token === undefined) return this.behind(index - 1);
    const start = token.startOffset;
    const length = inserted.has(token) ? 0 : token.image.length;
    return { source: this.source, start, end: start + length };
  }

  /** The place just before a token. */
  before(index: number): Span {
    const { start } = this.span(index);
    return { source: this.source, start, end: start };
  }

  /** The place just behind a token, where something that is missing belongs. */
  behind(index: number): Span {
    const { end } = index < 0 ? { end: 0 } : this.span(index);
    return { source: this.source, start: end, end };
  }

  row(index: number): number {
    return positionAt(this.source, this.span(index).start).line;
  }

  sameRow(a: number, b: number): boolean {
    return this.row(a) === this.row(b);
  }

  /** Tokens that are put before the one at `at`; they have its place and no length. */
  insert(at: number, ...types: TokenType[]): TokenEdit {
    return { at, remove: 0, insert: this.make(at, types) };
  }

  replace(at: number, ...types: TokenType[]): TokenEdit {
    return { at, remove: 1, insert: this.make(at, types) };
  }

  remove(at: number, count = 1): TokenEdit {
    return { at, remove: count, insert: [] };
  }

  private make(at: number, types: readonly TokenType[]): IToken[] {
    const { start } = this.span(at);
    return types.map((type) => {
      const image = type === t.Name ? "_" : String(type.LABEL ?? type.name);
      const token = createTokenInstance(type, image, start, start - 1, NaN, NaN, NaN, NaN);
      inserted.add(token);
      return token;
    });
  }
}
