/** The formatter's own check, of every text that it prints: nothing got lost or changed places. */
import { commentGroup, lexer } from "../../../grammar/tokens.js";
import { bug } from "../../diagnostics/bug.js";
import type { ConcreteTree } from "../parse.js";

type Words = Pick<ConcreteTree, "tokens" | "comments">;

/** @throws Error, a bug, where a text has other words than a tree, or has them in another order */
export function requireSameWords(tree: Words, text: string): void {
  const { tokens, groups } = lexer.tokenize(text);
  if (wordsOf(tree) !== wordsOf({ tokens, comments: groups[commentGroup] ?? [] })) {
    bug("formatting would have changed more than spaces");
  }
}

/** All that is not space, in its order: tokens, and the words of comments. */
const wordsOf = ({ tokens, comments }: Words): string =>
  [...tokens, ...comments]
    .sort((a, b) => a.startOffset - b.startOffset)
    .map(({ image }) => image.trim().split(/\s+/).join(" "))
    .join("\n");
