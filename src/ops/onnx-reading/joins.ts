import { agree, type JoinRule } from "../joins/rule.js";
import { formatShape, type Shape } from "../shape.js";
import { type Dims, type NodeReader, refuse } from "./reader.js";

/**
 * All that a join joins flows in; with a constant among it, the node is no join.
 *
 * @param attrs of so many operands
 */
export const joining =
  <A>(rule: JoinRule, attrs: (operands: number, node: NodeReader) => A) =>
  (node: NodeReader) => {
    const places = Array.from({ length: node.count }, (_, i) => i);
    if (places.length === 0) refuse("joins nothing");
    if (places.some((i) => node.isConstant(i))) return undefined;
    const shapes = places.map((i) => knownShape(node.flowing(i)));
    const known = shapes.filter((shape) => shape !== undefined);
    if (known.length === shapes.length && !agree(rule, known)) {
      refuse(`joins ${known.map(formatShape).join(" and ")}, which do not fit here`);
    }
    return { attrs: attrs(places.length, node), roles: places.map(() => "input" as const) };
  };

/** That of one image, where all of it is known. */
function knownShape(dims: Dims | undefined): Shape | undefined {
  const shape = dims?.slice(1).filter((d) => d !== undefined);
  return shape !== undefined && shape.length + 1 === dims?.length ? shape : undefined;
}
