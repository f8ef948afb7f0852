/**
 * Activations that a file writes as a limit of a line, or of another activation.
 *
 *     a = scale 1 shift 3 (x)    b = relu6 (a)    y = scale 1/6 shift 0 (b)   ->   y = hardsigmoid (x)
 *     a = scale 0.1 shift 0 (x)                   y = max (x, a)              ->   y = leakyrelu 0.1 (x)
 *     a = relu (x)                                y = relu6 (a)               ->   y = relu6 (x)
 *
 * It does not touch values that are needed elsewhere, nor slopes outside of 0 to 1, of which the
 * largest is something else.
 */
import { isNode, type Node } from "../../graph/graph.js";
import { activationPrimitives } from "../../ops/activations.js";
import { max } from "../../ops/joins/max.js";
import { scale } from "../../ops/scale.js";
import { aloneOf } from "./alone.js";
import { instead, rule, type Site } from "./rule.js";
import { isF32, isMultiple, multipleOf, scaledBy } from "./scales.js";

export const clipped = rule("clipped", (node, site) => {
  if (isNode(node, scale)) return hardSigmoid(node, site);
  if (isNode(node, max)) return leakyRelu(node, site);
  if (!isNode(node, relu6)) return undefined;
  const first = aloneOf(node.inputs[0], relu, site);
  return first && { nodes: [instead(node, relu6, first.inputs, {})] };
});

const { relu, relu6, leakyrelu, hardsigmoid } = activationPrimitives;

function hardSigmoid(node: Node, site: Site) {
  if (!isNode(node, scale) || !isMultiple(node.attrs)) return undefined;
  const limited = isF32(node.attrs.scale[0]!, 1 / 6)
    ? aloneOf(node.inputs[0], relu6, site)
    : undefined;
  const x = limited && scaledBy(limited.inputs[0], 1, 3, site);
  return x && { nodes: [instead(node, hardsigmoid, [x], {})] };
}

function leakyRelu({ inputs, ...node }: Node, site: Site) {
  if (inputs.length !== 2) return undefined;
  const [left, right] = inputs.map((value) => multipleOf(value, site));
  const [x, multiple] = right === undefined ? [inputs[1]!, left] : [inputs[0]!, right];
  if (multiple?.of !== x || multiple.factor <= 0 || multiple.factor >= 1) return undefined;
  const attrs = { alpha: multiple.factor };
  return { nodes: [instead({ ...node, inputs }, leakyrelu, [x], attrs)] };
}
