/**
 * A pool that rounds up where there is nothing to round.
 *
 *     y = maxpool 2x2/2 ceil (x : 64 x 8x8)      ->   y = maxpool 2x2/2 (x)
 *
 * It says something of images of other sizes, and nothing of this one's: a file may not hold it. It
 * does not touch one that has windows more for it.
 */
import { isNode } from "../../graph/graph.js";
import { avgPool, maxPool } from "../../ops/pool2d.js";
import { sameShape } from "../../ops/shape.js";
import { rule } from "../normal/rule.js";

export const plainPools = rule("plain-pools", (node) => {
  if (!isNode(node, maxPool) && !isNode(node, avgPool)) return undefined;
  if (!node.attrs.ceil) return undefined;
  const attrs = { ...node.attrs, ceil: false };
  const [shape] = node.primitive.infer([node.inputs[0]!.shape], attrs);
  return sameShape(shape!, node.outputs[0]!.shape) ? { nodes: [{ ...node, attrs }] } : undefined;
});
