import type { Node } from "../../graph/graph.js";
import type { Primitive } from "../../ops/primitive.js";
import type { Call } from "../program.js";
import type { GpuNode } from "./node.js";

/** How one primitive becomes the calls of one step. */
export interface Rule {
  readonly primitive: string;
  readonly lower: (node: GpuNode) => readonly Call[];
}

export const rule = <A>(
  primitive: Primitive<A>,
  lower: (node: GpuNode<A>, attrs: A) => readonly Call[],
): Rule => ({
  primitive: primitive.name,
  // Looked up by the primitive's name, so the attributes are its own.
  lower: (node) => lower(node as GpuNode<A>, (node.node as Node<A>).attrs),
});
