/**
 * Puts the outputs of a merged convolution into the order in which they can share a buffer with
 * the concat that some of them go to: first those that stay outside of it, then its operands.
 *
 *     prepare w = concat (w1, w3, w5)             prepare w = concat (w3, w5, w1)
 *     b1, r3, r5 = conv 1x1 64+96+16 (x)    ->    r3, r5, b1 = conv 1x1 96+16+64 (x)
 *     y = concat (b1, b3, …)                      y = concat (b1, b3, …)
 *
 * In memory they are [r3 | r5 | b1 | b3 | …], and one call writes the first three. That is for
 * targets whose convolutions write to one place; it moves nothing that a concat holds.
 */
import { bug } from "../diagnostics/bug.js";
import { isNode, type Graph, type Node } from "../graph/graph.js";
import { producersOf, rewrite } from "../graph/rewrite.js";
import type { Value } from "../graph/value.js";
import { convert } from "../kernels/convert.js";
import { conv2d, type ConvAttrs } from "../ops/conv2d.js";
import { concat } from "../ops/joins/concat.js";
import type { Placement } from "./plan.js";

/** The same graph, but for what merged convolutions make first. */
export function orderSiblings(graph: Graph, { views }: Placement): Graph {
  const nodes = new Map<Node, readonly Node[]>();
  const producers = producersOf(graph);
  const placed = new Map([...views.keys()].map((value, i) => [value, i]));
  for (const node of graph.nodes) {
    if (!isNode(node, conv2d) || node.outputs.length < 2) continue;
    const order = wantedOrder(node.outputs, placed);
    if (order.every((from, to) => from === to)) continue;
    nodes.set(node, [permuted(node, order)]);
    for (const weight of Object.values(node.weights)) {
      const stack = stackOf(weight, producers);
      nodes.set(stack, [{ ...stack, inputs: order.map((i) => stack.inputs[i]!) }]);
    }
  }
  return rewrite(graph, { nodes });
}

/** What stacks the siblings' own weights, before it is packed for a kernel. */
function stackOf(weight: Value, producers: ReadonlyMap<Value, Node>): Node {
  const maker = producers.get(weight);
  if (maker !== undefined && isNode(maker, concat)) return maker;
  if (maker === undefined || !isNode(maker, convert)) {
    bug(`${weight.name} is not stacked from the siblings' own`);
  }
  return stackOf(maker.inputs[0]!, producers);
}

/** Indices of the outputs: those outside of concats as they are, then the others as they lie. */
function wantedOrder(
  outputs: readonly Value[],
  placed: ReadonlyMap<Value, number>,
): readonly number[] {
  const rank = (i: number): number => placed.get(outputs[i]!) ?? -1;
  return outputs.map((_, i) => i).sort((a, b) => rank(a) - rank(b) || a - b);
}

function permuted(node: Node<ConvAttrs>, order: readonly number[]): Node<ConvAttrs> {
  const { split } = node.attrs;
  // One path an output, unless a path of what was fused into one of them is among them.
  const { paths } = node.origin;
  const own = paths.length === order.length ? order.map((i) => paths[i]!) : paths;
  return {
    ...node,
    attrs: { ...node.attrs, split: order.map((i) => split[i]!) },
    outputs: order.map((i) => node.outputs[i]!),
    origin: { ...node.origin, paths: own },
  };
}
