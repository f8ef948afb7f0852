/** What passes share: who reads a value, and graphs rebuilt with some nodes exchanged. */
import { type Graph, type Node, operandsOf, prepares } from "./graph.js";
import type { Value } from "./value.js";

/** The nodes that read each value, one entry a reading operand. */
export function readersOf(graph: Graph): ReadonlyMap<Value, readonly Node[]> {
  const readers = new Map<Value, Node[]>();
  for (const node of graph.nodes) {
    for (const operand of operandsOf(node)) {
      const list = readers.get(operand);
      if (list === undefined) readers.set(operand, [node]);
      else list.push(node);
    }
  }
  return readers;
}

/** The node that makes each value; inputs, parameters and constants have none. */
export const producersOf = (graph: Graph): ReadonlyMap<Value, Node> =>
  new Map(graph.nodes.flatMap((node) => node.outputs.map((value) => [value, node] as const)));

/** Values that must be there when a run ends: it returns them, or a state becomes them. */
export const outputValues = ({ outputs, updates }: Graph): ReadonlySet<Value> =>
  new Set([...outputs, ...updates].map(({ value }) => value));

export interface Rewrite {
  /** What stands in a node's place; no nodes to drop it. Those that prepare weights go to them. */
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
  const renamed = <T extends { readonly value: Value }>(item: T): T => ({
    ...item,
    value: current(item.value),
  });
  const rewire = (node: Node): Node => {
    if (!operandsOf(node).some((operand) => values.has(operand))) return node;
    const weights = Object.entries(node.weights).map(([role, value]) => [role, current(value)]);
    return {
      ...node,
      inputs: node.inputs.map(current),
      weights: Object.fromEntries(weights) as Node["weights"],
    };
  };
  const all = graph.nodes.flatMap((node) => nodes.get(node) ?? [node]).map(rewire);
  return {
    ...graph,
    nodes: [...all.filter(prepares), ...all.filter((node) => !prepares(node))],
    outputs: graph.outputs.map(renamed),
    updates: graph.updates.map(renamed),
  };
}

/** A node that computes what several did, told by the last one's place in the spec. */
export const mergedOrigin = (nodes: readonly Node[]): Node["origin"] => ({
  ...nodes[nodes.length - 1]!.origin,
  paths: [...new Set(nodes.flatMap((node) => node.origin.paths))],
});
