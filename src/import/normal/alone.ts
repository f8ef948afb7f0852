import { isNode, type Node } from "../../graph/graph.js";
import type { Value } from "../../graph/value.js";
import type { Primitive } from "../../ops/primitive.js";
import type { Site } from "./rule.js";

/** What makes a value, of this primitive, where only one operand needs the value. */
export function aloneOf<A>(
  value: Value | undefined,
  primitive: Primitive<A>,
  site: Site,
): Node<A> | undefined {
  const node = value && site.producer(value);
  if (node === undefined || !isNode(node, primitive)) return undefined;
  return site.isAlone(value!) ? node : undefined;
}
