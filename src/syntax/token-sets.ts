import { type IToken, tokenMatcher, type TokenType } from "chevrotain";
import * as t from "../../grammar/tokens.js";

/** What is a value by itself. */
export const literals: readonly TokenType[] = [
  t.Int,
  t.Float,
  t.Size,
  t.StringLiteral,
  t.True,
  t.False,
];

export const arithmetic: readonly TokenType[] = [t.Plus, t.Minus, t.Star, t.Slash];

/** What holds steps in braces. */
export const joins: readonly TokenType[] = [...t.joinTokens, t.Residual, t.Repeat];

/** What a step can end in, or the name after its `as`. */
export const stepEnds: readonly TokenType[] = [t.Name, t.RightParen, t.RightBrace, t.StringLiteral];

/** What a step can begin with. */
export const stepStarts: readonly TokenType[] = [t.Name, ...joins];

/** Whether a token has one of the types, or stands for one. */
export const isOneOf = (token: IToken | undefined, types: readonly TokenType[]): boolean =>
  token !== undefined && types.some((type) => tokenMatcher(token, type));

/** The types of tokens that are one of some or stand for one, to be asked for every token of a text. */
export const typesLike = (...types: readonly TokenType[]): ReadonlySet<TokenType> =>
  new Set(
    t.allTokens.filter((type) =>
      types.some((wanted) => type === wanted || type.CATEGORIES?.includes(wanted)),
    ),
  );
