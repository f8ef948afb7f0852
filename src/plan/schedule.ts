import { isNode, type Graph, type Node, type Value } from "../graph/graph.js";
import { concat } from "../ops/join.js";

/**
 * The partial order in which a graph runs: levels one after the other, the nodes of a level in any
 * order or at once. Every node stands as early as its inputs allow, which makes the fewest levels
 * and so the fewest barriers.
 */
export interface Schedule {
  readonly levelOf: ReadonlyMap<Node, number>;
  /** The level after which a value may be read; -1 for the network's input. */
  readonly readyAfter: ReadonlyMap<Value, number>;
}

export function schedule(graph: Graph): Schedule {
  const levelOf = new Map<Node, number>();
  const readyAfter = new Map<Value, number>([[graph.input, -1]]);
  for (const node of graph.nodes) {
    const inputsReady = Math.max(...node.inputs.map((input) => readyAfter.get(input)!));
    const level = runs(node) ? inputsReady + 1 : inputsReady;
    levelOf.set(node, level);
    for (const output of node.outputs) readyAfter.set(output, level);
  }
  return { levelOf, readyAfter };
}

/** Whether the node does anything at run time: a concat whose operands are all in place does not. */
export const runs = (node: Node): boolean =>
  !isNode(node, concat) || !node.attrs.inPlace.every(Boolean);
