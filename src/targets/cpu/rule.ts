import type { Node } from "../../graph/graph.js";
import type { Primitive } from "../../ops/primitive.js";
import type { CpuNode, Step } from "./node.js";

/** How one primitive becomes kernel calls. */
export interface Rule {
  readonly primitive: string;
  readonly lower: (node: CpuNode) => readonly Step[];
}

export const rule = <A>(
  primitive: Primitive<A>,
  lower: (node: CpuNode<A>, attrs: A) => readonly Step[],
): Rule => ({
  primitive: primitive.name,
  // Looked up by the primitive's name, so the attributes are its own.
  lower: (node) => lower(node as CpuNode<A>, (node.node as Node<A>).attrs),
});
