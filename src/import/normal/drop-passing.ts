/**
 * Leaves out nodes that pass their input through in every network: identity, a join of one operand,
 * `scale(1)`, a dropout of nothing, all the channels of a value, windows of one pixel.
 *
 *     a = relu (x)
 *     b = identity (a)
 *     c = slice 0..63 (b)                   ->   a = relu (x)
 *     d = maxpool 1x1 (c)                        e = sigmoid (a)
 *     e = sigmoid (d)
 *
 * It does not leave out a dropout with a share, which tells how the network was trained, nor an
 * average over an image that happens to be one pixel.
 */
import { isNode, type Node } from "../../graph/graph.js";
import { dropout } from "../../ops/dropout.js";
import { flatten } from "../../ops/flatten.js";
import { slice } from "../../ops/joins/concat.js";
import type { PoolAttrs } from "../../ops/pool-attrs.js";
import { avgPool, maxPool } from "../../ops/pool2d.js";
import { channels, isImage } from "../../ops/shape.js";
import { rule } from "./rule.js";

export const dropPassing = rule("drop-passing", (node) =>
  passesOn(node) ? { value: node.inputs[0]! } : undefined,
);

function passesOn(node: Node): boolean {
  const [x] = node.inputs;
  if (isNode(node, dropout)) return node.attrs.p === 0;
  if (isNode(node, flatten)) return !isImage(x!.shape);
  if (isNode(node, slice)) return node.attrs.count === channels(x!.shape);
  if (isNode(node, maxPool) || isNode(node, avgPool)) return isOnePixel(node.attrs);
  return node.primitive.passesOn?.(node.attrs, node.inputs.length) ?? false;
}

const isOnePixel = ({ kernel, stride, pads }: PoolAttrs): boolean =>
  [...kernel, ...stride].every((side) => side === 1) &&
  Object.values(pads).every((pad: number) => pad === 0);
