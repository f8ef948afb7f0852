import { EOF, type IToken } from "chevrotain";
import { StringLiteral } from "../../grammar/tokens.js";

/** A token as a message calls it: as it is written, cut where it is long. */
export function spoken(token: IToken): string {
  if (token.tokenType === EOF) return "the end of the file";
  if (token.tokenType === StringLiteral) return "a string";
  return token.image.length > 24 ? `${token.image.slice(0, 23)}…` : token.image;
}
