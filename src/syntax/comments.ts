import type { IToken } from "chevrotain";
import { BlockComment, DocComment } from "../../grammar/tokens.js";
import type { Source } from "../diagnostics/diagnostic.js";
import type { Comment } from "./ast.js";

export function toComments(tokens: readonly IToken[], source: Source): Comment[] {
  return tokens.map((token) => ({
    kind: kindOf(token),
    text: withoutMarker(token),
    span: {
      source,
      start: token.startOffset,
      end: token.startOffset + token.image.length,
    },
  }));
}

function kindOf({ tokenType }: IToken): Comment["kind"] {
  if (tokenType === DocComment) return "doc";
  return tokenType === BlockComment ? "block" : "line";
}

function withoutMarker({ tokenType, image }: IToken): string {
  if (tokenType === BlockComment) return image.slice(2, -2).trim();
  return image.slice(tokenType === DocComment ? 3 : 2).trim();
}

/** The `///` rows before each token, by the token's offset; several rows are joined by newlines. */
export function docsByOffset(
  comments: readonly Comment[],
  tokens: readonly IToken[],
): Map<number, string> {
  const docs = new Map<number, string>();
  let next = 0;
  for (const { kind, text, span } of comments) {
    if (kind !== "doc") continue;
    while ((tokens[next]?.startOffset ?? Infinity) < span.start) next++;
    const offset = tokens[next]?.startOffset;
    if (offset === undefined) break;
    const before = docs.get(offset);
    docs.set(offset, before === undefined ? text : `${before}\n${text}`);
  }
  return docs;
}
