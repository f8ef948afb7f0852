import type { CstNode, IToken } from "chevrotain";
import { bug } from "../diagnostics/bug.js";
import type { Source, Span } from "../diagnostics/diagnostic.js";

/** The one child that the grammar promises; its absence is a bug, since only whole trees come. */
export function only<T>(children: readonly T[] | undefined): T {
  const child = children?.[0];
  if (child === undefined) bug("a syntax tree lacks a part that its rule has");
  return child;
}

/** Where tokens and nodes are in their source, and which `///` stands before them. */
export class Nodes {
  constructor(
    readonly source: Source,
    private readonly docs: ReadonlyMap<number, string>,
  ) {}

  span(of: CstNode | IToken): Span {
    const { startOffset, endOffset = startOffset } = "children" in of ? placed(of) : of;
    return { source: this.source, start: startOffset, end: endOffset + 1 };
  }

  between(first: Span, last: Span): Span {
    return { source: this.source, start: first.start, end: last.end };
  }

  /** `{ doc }` where a `///` stands before the node, else nothing. */
  doc(of: CstNode): { doc?: string } {
    const doc = this.docs.get(placed(of).startOffset);
    return doc === undefined ? {} : { doc };
  }
}

function placed(node: CstNode): { startOffset: number; endOffset?: number | undefined } {
  if (node.location === undefined) bug(`the rule ${node.name} has no place`);
  return node.location;
}
