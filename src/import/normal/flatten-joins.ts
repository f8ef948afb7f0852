/**
 * Sums of sums are one sum, and so are largest values: a framework adds two at a time.
 *
 *     s = add (a, b)
 *     y = add (s, c)                        ->   y = add (a, b, c)
 *
 * It does not touch a sum that others need or that has factors, nor a residual, which adds something
 * to what it was computed from: one stands in another then. Nor does it make sums of more terms than
 * a person would write in one.
 */
import { isNode, type Node } from "../../graph/graph.js";
import type { Value } from "../../graph/value.js";
import { add } from "../../ops/joins/add.js";
import { max } from "../../ops/joins/max.js";
import { aloneOf } from "./alone.js";
import { Dominators } from "./dominators.js";
import { instead, type Rule, type Site } from "./rule.js";

/** Terms of one sum. */
const mostTerms = 8;

export const flattenJoins: Rule = {
  name: "flatten-joins",
  begin: () => {
    const dominators = new Dominators();
    return (node, site) => {
      dominators.add(node);
      if (!isPlain(node) || isResidual(node.inputs, dominators)) return undefined;
      const terms = node.inputs.flatMap((value) => termsOf(value, node, dominators, site));
      const isFlat = terms.length === node.inputs.length;
      if (isFlat || terms.length > mostTerms || isResidual(terms, dominators)) return undefined;
      const attrs = isNode(node, add) ? { scales: terms.map(() => 1) } : {};
      return { nodes: [instead(node, node.primitive, terms, attrs)] };
    };
  },
};

/** Whether it is a largest value, or a sum without factors. */
const isPlain = (node: Node): boolean =>
  isNode(node, max) || (isNode(node, add) && node.attrs.scales.every((scale) => scale === 1));

function termsOf(
  value: Value,
  { primitive }: Node,
  dominators: Dominators,
  site: Site,
): readonly Value[] {
  const inner = aloneOf(value, primitive, site);
  const joins = inner !== undefined && isPlain(inner) && !isResidual(inner.inputs, dominators);
  return joins ? inner.inputs : [value];
}

/** Whether one of the terms is what all of them are computed from. */
function isResidual(terms: readonly Value[], dominators: Dominators): boolean {
  const { value } = dominators.common(terms);
  return value !== undefined && terms.includes(value);
}
