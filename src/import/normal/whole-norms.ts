/**
 * A norm of each image that a file gives a factor a channel and no offset, or the other way round,
 * has both: a spec says `affine` of both.
 *
 *     y = groupnorm 32 groups (x) weight w    ->   y = groupnorm 32 groups (x) weight w bias 0
 *
 * It does not touch an l2norm, which has no offset.
 */
import { isNode, type Node } from "../../graph/graph.js";
import { groupnorm } from "../../ops/groupnorm.js";
import { layernorm } from "../../ops/layernorm.js";
import { channels } from "../../ops/shape.js";
import { written } from "./folded.js";
import { instead, rule } from "./rule.js";

/** As the primitive has them. */
const ordered = ({ weight, bias }: Node["weights"]): Node["weights"] => ({
  weight: weight!,
  bias: bias!,
});

export const wholeNorms = rule("whole-norms", (node, site) => {
  const norm = [groupnorm, layernorm].find((each) => isNode(node, each));
  if (norm === undefined || !isNode(node, norm)) return undefined;
  const { attrs, inputs, weights } = node;
  if (attrs.scale === attrs.shift) return undefined;
  const count = channels(inputs[0]!.shape);
  const [suffix, role, value] = attrs.scale
    ? (["bias", "beta", 0] as const)
    : (["weight", "gamma", 1] as const);
  const added = site.parameter(node, { suffix, role, shape: [count], fanIn: 0 });
  const numbers = written(`a ${suffix} that is not there`, new Array<number>(count).fill(value));
  const whole = { ...attrs, scale: true, shift: true };
  return {
    nodes: [instead(node, norm, inputs, whole, ordered({ ...weights, [suffix]: added }))],
    weights: new Map([[added, numbers]]),
  };
});
