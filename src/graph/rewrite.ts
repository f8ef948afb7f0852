/** What passes share: who reads a value, and graphs rebuilt with some nodes exchanged. */
import type { Graph, Node, Value } from "./graph.js";

/** The nodes that read each value, one entry a reading operand. */
export function readersOf(graph: Graph): ReadonlyMap<Value, readonly Node[]> {
  const readers = new Map<Value, Node[]>();
  for (const node of graph.nodes) {
    for (const input of node.inputs) {
      const list = readers.get(input);
      if (list === undefined) readers.set(input, [node]);
      else list.push(node);
    }
  }
  return readers;
}

/** The node that makes each value; the graph's input has none. */
export const producersOf = (graph: Graph): ReadonlyMap<Value, Node> =>
  new Map(graph.nodes.flatMap((node) => node.outputs.map((value) => [value, node] as const)));

/** Values that a run returns. */
export const outputValues = (graph: Graph): ReadonlySet<Value> =>
  new Set(graph.outputs.map((output) => output.value));

export interface Rewrite {
  /** What stands in a node's place; no nodes to drop it. */
  readonly nodes: ReadonlyMap<Node, readonly Node[]>;
  /** Values whose readers, and outputs, take another one instead. */
  readonly values?: ReadonlyMap<Value, Value>;
}

/** The graph with nodes exchanged and values renamed; untouched nodes stay the same objects. */
export function rewrite(graph: Graph, { nodes, values = new Map() }: Rewrite): Graph {
  const current = (value: Value): Value => {
    const next = values.get(value);
    return next === undefined ? value : current(next);
  };
  const rewire = (node: Node): Node =>
    node.inputs.some((input) => values.has(input))
      ? { ...node, inputs: node.inputs.map(current) }
      : node;
  return {
    ...graph,
    nodes: graph.nodes.flatMap((node) => nodes.get(node) ?? [node]).map(rewire),
    outputs: graph.outputs.map((output) => ({ ...output, value: current(output.value) })),
  };
}

/** A node that computes what several did, told by the last one's place in the spec. */
export const mergedOrigin = (nodes: readonly Node[]): Node["origin"] => ({
  ...nodes[nodes.length - 1]!.origin,
  paths: [...new Set(nodes.flatMap((node) => node.origin.paths))],
});
