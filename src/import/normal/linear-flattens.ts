/**
 * A linear map flattens what it gets by itself: no flatten stands before it.
 *
 *     f = flatten (x : 64 x 7x7)
 *     r = relu (f)
 *     d = dropout 0.5 (r)                   ->   r = relu (x)
 *     y = linear 10 (d)                          d = dropout 0.5 (r)
 *                                                y = linear 10 (d)
 *
 * What stands between and looks at each number for itself does so before as well as behind; of an
 * image of one pixel, what looks at each channel for itself too.
 *
 * It does not touch a flatten for other readers: what they see stays a vector.
 */
import { isNode, type Node } from "../../graph/graph.js";
import { resultTypes } from "../../graph/results.js";
import { resultValue, type Value } from "../../graph/value.js";
import { activationOf } from "../../ops/activations.js";
import { batchNorm } from "../../ops/batchnorm.js";
import { dropout } from "../../ops/dropout.js";
import { flatten } from "../../ops/flatten.js";
import { linear } from "../../ops/linear.js";
import { prelu } from "../../ops/prelu.js";
import { scale } from "../../ops/scale.js";
import { elements, plane } from "../../ops/shape.js";
import { rule, type Site } from "./rule.js";

export const linearFlattens = rule("linear-flattens", (node, site) => {
  const found = isNode(node, linear) ? behindFlatten(node, site) : undefined;
  if (found === undefined) return undefined;
  let { image } = found;
  const nodes: Node[] = [];
  for (const each of found.between) {
    const {
      primitive,
      attrs,
      outputs: [{ name } = image],
    } = each;
    const [type] = resultTypes(primitive, [image], [], attrs);
    // The vector that has this name goes: only the node behind it needed it.
    const value = resultValue(name, type!);
    nodes.push({ ...each, inputs: [image], outputs: [value] });
    image = value;
  }
  const names = found.between.map((each, i) => [nodes[i]!.outputs[0]!, each.outputs[0]!] as const);
  return { nodes: [...nodes, { ...node, inputs: [image] }], names: new Map(names) };
});

/** What is flattened before a linear map, and the nodes between, in their order. */
function behindFlatten(
  { inputs: [last] }: Node,
  site: Site,
): { readonly image: Value; readonly between: readonly Node[] } | undefined {
  const between: Node[] = [];
  for (let value = last!; ; value = between.at(-1)!.inputs[0]!) {
    const maker = site.producer(value);
    if (maker === undefined) return undefined;
    if (isNode(maker, flatten)) {
      const image = maker.inputs[0]!;
      const isPixel = elements(plane(image.shape)) === 1;
      const moves = isPixel || between.every(isElementwise);
      return moves ? { image, between: between.reverse() } : undefined;
    }
    const passes = isElementwise(maker) || looksAtChannels(maker);
    if (!passes || !site.isAlone(value)) return undefined;
    between.push(maker);
  }
}

const isElementwise = (node: Node): boolean =>
  activationOf(node.primitive) !== undefined ||
  isNode(node, dropout) ||
  (isNode(node, scale) && node.attrs.scale.length === 1 && node.attrs.shift.length === 1);

const looksAtChannels = (node: Node): boolean =>
  isNode(node, batchNorm) || isNode(node, prelu) || isNode(node, scale);
