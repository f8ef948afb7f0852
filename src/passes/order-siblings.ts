/**
 * Puts the outputs of a merged convolution into the order in which they can share a buffer with
 * the concat that some of them go to: first those that stay outside of it, then its operands.
 *
 *     b1, r3, r5 = conv 1x1 64+96+16 (x)          r3, r5, b1 = conv 1x1 96+16+64 (x)
 *     y = concat 4 of 4 in place (b1, b3, …)  ->  y = concat 4 of 4 in place (b1, b3, …)
 *
 * The planner then lays out [r3 | r5 | b1 | b3 | …], and one call writes the first three. Only for
 * targets whose convolutions write to one place; it moves nothing that a concat holds.
 */
import { isNode, type Graph, type Node, type Tensor, type Value } from "../graph/graph.js";
import { rewrite } from "../graph/rewrite.js";
import { conv2d, type ConvAttrs } from "../ops/conv.js";
import { concat } from "../ops/joins/concat.js";
import type { Firing, Pass } from "./pass.js";

export const orderSiblings: Pass = {
  name: "order-siblings",
  run(graph, { siblings }) {
    const nodes = new Map<Node, readonly Node[]>();
    const fired: Firing[] = [];
    const placed = operandsInPlace(graph);
    for (const node of siblings === "together" ? graph.nodes : []) {
      if (!isNode(node, conv2d) || node.outputs.length < 2) continue;
      const order = wantedOrder(node.outputs, placed);
      if (order.every((from, to) => from === to)) continue;
      nodes.set(node, [permuted(node, order)]);
      const what = `outputs ordered ${order.map((i) => node.outputs[i]!.name).join(", ")}`;
      fired.push({ paths: node.origin.paths, what });
    }
    return { graph: rewrite(graph, { nodes }), fired, refused: [] };
  },
};

/** Each value that a concat holds, with its place in the order of all such values. */
function operandsInPlace({ nodes }: Graph): ReadonlyMap<Value, number> {
  const placed = new Map<Value, number>();
  for (const node of nodes) {
    if (!isNode(node, concat)) continue;
    node.inputs.forEach((value, i) => node.attrs.inPlace[i] && placed.set(value, placed.size));
  }
  return placed;
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
  const weights = Object.entries(node.weights).map(([role, tensor]) => [role, rows(tensor, order)]);
  return {
    ...node,
    attrs: { ...node.attrs, split: order.map((i) => split[i]!) },
    outputs: order.map((i) => node.outputs[i]!),
    weights: Object.fromEntries(weights) as Node["weights"],
    origin: { ...node.origin, paths: own },
  };
}

/** The stacked tensor with its rows in another order: one run of rows an output. */
function rows(tensor: Tensor, order: readonly number[]): Tensor {
  if (tensor.kind !== "prepared" || tensor.step.kind !== "concat-rows") {
    throw new Error(`bug: ${tensor.name} is not stacked from the siblings' own`);
  }
  const { inputs, shapes } = tensor.step;
  const step = {
    ...tensor.step,
    inputs: order.map((i) => inputs[i]),
    shapes: order.map((i) => shapes[i]!),
  };
  return { ...tensor, step };
}
