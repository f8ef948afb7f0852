import { isNode, type Node } from "../graph/graph.js";
import { conv2d, type ConvAttrs } from "../ops/conv2d.js";

/**
 * Whether a node is a 1x1 convolution that sees every pixel once, alone and across all channels, and
 * adds the same to all of them.
 */
export function isPointwise(node: Node): node is Node<ConvAttrs> {
  if (!isNode(node, conv2d)) return false;
  const { kernel, stride, pads, groups, bias } = node.attrs;
  const padded = Object.values(pads).some((pad: number) => pad !== 0);
  return (
    node.inputs.length === 1 &&
    bias !== "placed" &&
    groups === 1 &&
    !padded &&
    [...kernel, ...stride].every((size) => size === 1)
  );
}
