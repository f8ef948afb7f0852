/**
 * Two scales, one after the other, are one.
 *
 *     a = scale 2 shift 0 (x)
 *     b = scale 1 shift [3, 4] (a)          ->   b = scale 2 shift [3, 4] (x)
 *
 * It does not merge them where the first one's value is needed elsewhere.
 */
import { isNode } from "../../graph/graph.js";
import { scale } from "../../ops/scale.js";
import { aloneOf } from "./alone.js";
import { instead, rule } from "./rule.js";
import { together } from "./scales.js";

export const mergeScales = rule("merge-scales", (node, site) => {
  const first = isNode(node, scale) ? aloneOf(node.inputs[0], scale, site) : undefined;
  if (first === undefined || !isNode(node, scale)) return undefined;
  const { attrs } = node;
  const shift = together(first.attrs.shift, attrs.scale, (shift, factor) => shift * factor);
  const merged = {
    scale: together(first.attrs.scale, attrs.scale, (a, b) => a * b),
    shift: together(shift, attrs.shift, (a, b) => a + b),
  };
  return { nodes: [instead(node, scale, first.inputs, merged)] };
});
