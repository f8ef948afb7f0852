/**
 * A sum of which one term has a factor says so itself: how much of a branch a residual adds
 * (Szegedy et al., 2016, section 3.3).
 *
 *     b = scale 0.17 shift 0 (a)
 *     y = add (b, x)                        ->   y = add scales 1, 0.17 (x, a)
 *
 * It does not touch a factor that is needed elsewhere, one for each channel, one with a shift, nor
 * sums of which no term, both, or one of many has a factor.
 */
import { isNode } from "../../graph/graph.js";
import { add } from "../../ops/joins/add.js";
import { instead, rule } from "./rule.js";
import { multipleOf } from "./scales.js";

export const scaledAdd = rule("scaled-add", (node, site) => {
  if (!isNode(node, add) || node.inputs.length !== 2) return undefined;
  if (node.attrs.scales.some((factor) => factor !== 1)) return undefined;
  const [left, right] = node.inputs.map((value) => multipleOf(value, site));
  const multiple = left ?? right;
  if (multiple === undefined || (left !== undefined && right !== undefined)) return undefined;
  const other = node.inputs[left === undefined ? 0 : 1]!;
  const scales = [1, multiple.factor];
  return { nodes: [instead(node, add, [other, multiple.of], { scales })] };
});
