import { isNode, type Graph } from "../graph/graph.js";
import type { Value } from "../graph/value.js";
import { conv2d } from "../ops/conv2d.js";

/**
 * What the outputs of a merged convolution are called together: `inception_3a:siblings` after the
 * path that they share, or after the first of them where two merged convolutions share one.
 */
export function siblingsName(values: readonly Value[], graph: Graph): string {
  const shared = sharedPath(values);
  const others = graph.nodes.filter(
    (node) =>
      isNode(node, conv2d) && node.outputs.length > 1 && sharedPath(node.outputs) === shared,
  );
  return `${others.length > 1 ? values[0]!.name : shared}:siblings`;
}

function sharedPath(values: readonly Value[]): string {
  const [first, ...others] = values.map(({ name }) => name.split("."));
  const length = first!.findIndex((word, i) => others.some((other) => other[i] !== word));
  return first!.slice(0, Math.max(1, length)).join(".");
}
