import { type Graph, type Node, operandsOf } from "../graph/graph.js";
import type { Value } from "../graph/value.js";
import type { GraphBuilder } from "./builder.js";

/**
 * Appends the graph's nodes in the forms in which they train: a dropout that drops, a norm by the
 * statistics of the batch, a max pool that says which tap it took.
 *
 * @param frozen whether a node stays as it is at inference
 * @returns what each value of the graph has become
 */
export function trainingForm(
  graph: Graph,
  b: GraphBuilder,
  frozen: (node: Node) => boolean,
): (value: Value) => Value {
  const became = new Map<Value, Value>();
  const current = (value: Value): Value => became.get(value) ?? value;
  for (const node of graph.nodes) {
    const moved = operandsOf(node).some((value) => became.has(value));
    const own = moved ? { ...node, inputs: node.inputs.map(current) } : node;
    if (node.primitive.training === undefined || frozen(node)) {
      b.keep(own);
      continue;
    }
    b.at(node.origin);
    const results = node.primitive.training(b, own) as readonly Value[];
    node.outputs.forEach((value, i) => became.set(value, results[i]!));
  }
  return current;
}
