/**
 * The intermediate representation: values in single assignment, nodes in an order that respects
 * every use, weights and what is made of them among both. Passes build new graphs; nothing here is
 * changed in place.
 *
 * One graph holds several programs, told apart by the extent of what their nodes make: those of
 * extent model, which come first, are run when weights are loaded, and the others at each run.
 */
import type { Frame, Span } from "../diagnostics/diagnostic.js";
import type { Primitive } from "../ops/primitive.js";
import { isParameter, type Parameter, type Value } from "./value.js";

export interface Node<A = unknown> {
  readonly primitive: Primitive<A>;
  readonly attrs: A;
  /** Operands by position. */
  readonly inputs: readonly Value[];
  /** One, but where the primitive has several results: of merged siblings, stretches of the channels. */
  readonly outputs: readonly Value[];
  /** Operands by the primitive's roles. */
  readonly weights: Readonly<Record<string, Value>>;
  readonly origin: Origin;
  /** Whether it is computed as late as what reads it allows, where others are as early as can be. */
  readonly late?: boolean;
}

/** The steps of the spec that a node computes: one, or several after fusion. */
export interface Origin {
  readonly paths: readonly string[];
  readonly span: Span;
  readonly frames: readonly Frame[];
}

export interface Graph {
  readonly name: string;
  /** What a run is given, in the order of the spec. */
  readonly inputs: readonly Value[];
  /** What a run returns, in the spec's order; taps follow the declared outputs. */
  readonly outputs: readonly GraphOutput[];
  readonly nodes: readonly Node[];
  /** What a state becomes at the end of a run, after everything that reads it. */
  readonly updates: readonly Update[];
  /** What the nodes as written need, in their order, where a pass has changed who is first. */
  readonly parameters?: readonly Parameter[];
}

export interface GraphOutput {
  readonly name: string;
  readonly value: Value;
  readonly kind: "output" | "aux" | "tap";
}

export interface Update {
  readonly state: Parameter;
  readonly value: Value;
}

/** A node of this primitive, with its attributes typed. */
export const isNode = <A>(node: Node, primitive: Primitive<A>): node is Node<A> =>
  node.primitive.name === primitive.name;

/** By position, then by role. */
export const operandsOf = ({ inputs, weights }: Node): readonly Value[] => [
  ...inputs,
  ...Object.values(weights),
];

/** Whether the node belongs to the program that is run when weights are loaded. */
export const prepares = ({ outputs }: Node): boolean =>
  outputs.every(({ extent }) => extent === "model");

/** The nodes of a run. */
export const runNodes = ({ nodes }: Pick<Graph, "nodes">): readonly Node[] =>
  nodes.filter((node) => !prepares(node));

/** The parameters and states that a graph's runs need, in the order of their first use as written. */
export function parametersOf(graph: Pick<Graph, "nodes" | "parameters">): readonly Parameter[] {
  const used = parametersBehind(graph, runNodes(graph));
  if (graph.parameters === undefined) return used;
  const needed = new Set(used);
  return graph.parameters.filter((parameter) => needed.has(parameter));
}

/** The graph, which keeps the order of its parameters whatever becomes of its nodes. */
export const keepingOrder = (graph: Graph): Graph => ({
  ...graph,
  parameters: graph.parameters ?? parametersOf(graph),
});

/** Those that the nodes read, and those that what they read is made of. */
export function parametersBehind(
  { nodes }: Pick<Graph, "nodes">,
  readers: readonly Node[],
): readonly Parameter[] {
  const makers = new Map(
    nodes.filter(prepares).flatMap((node) => node.outputs.map((value) => [value, node])),
  );
  const found = new Set<Parameter>();
  const seen = new Set<Node>();
  const visit = (node: Node): void => {
    seen.add(node);
    for (const value of operandsOf(node)) {
      const maker = makers.get(value);
      if (isParameter(value)) found.add(value);
      else if (maker !== undefined && !seen.has(maker)) visit(maker);
    }
  };
  readers.forEach(visit);
  return [...found];
}
