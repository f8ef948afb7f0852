import { isNode, type Graph, type Node } from "../graph/graph.js";
import { outputValues, producersOf, readersOf, rewrite } from "../graph/rewrite.js";
import { conv2d, type ConvAttrs } from "../ops/conv2d.js";
import type { Firing, PassResult, Refusal } from "./pass.js";

/** A convolution that also does what another node did, and makes that one's value. */
export interface Absorbed {
  readonly conv: Node<ConvAttrs>;
  /** What makes its weights. */
  readonly prepares?: readonly Node[];
}

/** What takes the place of a convolution and of `node` after it, or why nothing can. */
export type Absorb = (conv: Node<ConvAttrs>, node: Node) => Absorbed | string;

/**
 * Joins each node that `wanted` picks to the convolution before it. Nothing happens where the
 * convolution's own value is still needed, or where the convolution already ends in an
 * activation, since what comes after that cannot be moved before it.
 */
export function absorbIntoConvolutions(
  graph: Graph,
  wanted: (node: Node) => boolean,
  what: (node: Node) => string,
  absorb: Absorb,
): PassResult {
  const readers = readersOf(graph);
  const outputs = outputValues(graph);
  const producers = new Map(producersOf(graph));
  /** By the convolution as it was written, which may take in several nodes one after the other. */
  const nodes = new Map<Node, readonly Node[]>();
  const written = new Map<Node, Node>();
  const fired: Firing[] = [];
  const refused: Refusal[] = [];

  const joined = (node: Node): (Absorbed & { readonly before: Node }) | string => {
    const [input] = node.inputs;
    const conv = producers.get(input!);
    if (conv === undefined) return "follows the network's input";
    if (!isNode(conv, conv2d)) return `follows ${conv.primitive.name}, not a convolution`;
    if (outputs.has(input!)) return "a run returns the convolution's own value";
    if (readers.get(input!)!.length > 1) return "the convolution's own value has other readers";
    const { activation } = conv.attrs;
    if (activation !== "none") return `the convolution already applies ${activation}`;
    const absorbed = absorb(conv, node);
    return typeof absorbed === "string" ? absorbed : { ...absorbed, before: conv };
  };

  for (const node of graph.nodes) {
    if (!wanted(node)) continue;
    const absorbed = joined(node);
    const { paths } = node.origin;
    if (typeof absorbed === "string") {
      refused.push({ paths, why: absorbed });
      continue;
    }
    const { conv, prepares = [], before } = absorbed;
    const first = written.get(before) ?? before;
    const earlier = (nodes.get(first) ?? []).filter((other) => other !== before);
    nodes.set(first, [...earlier, ...prepares, conv]);
    nodes.set(node, []);
    written.set(conv, first);
    producers.set(conv.outputs[0]!, conv);
    fired.push({ paths: conv.origin.paths, what: what(node) });
  }
  return { graph: rewrite(graph, { nodes }), fired, refused };
}
