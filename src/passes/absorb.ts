import { isNode, type Graph, type Node } from "../graph/graph.js";
import { outputValues, producersOf, readersOf } from "../graph/rewrite.js";
import { conv2d, type ConvAttrs } from "../ops/conv.js";
import type { Firing, PassResult, Refusal } from "./pass.js";

/** A convolution that also does what `node` did and makes `node`'s value, or why there is none. */
export type Absorb = (conv: Node<ConvAttrs>, node: Node) => Node<ConvAttrs> | string;

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
  const nodes: (Node | undefined)[] = [...graph.nodes];
  const fired: Firing[] = [];
  const refused: Refusal[] = [];

  const joined = (node: Node): Node<ConvAttrs> | string => {
    const [input] = node.inputs;
    const conv = producers.get(input!);
    if (conv === undefined) return "follows the network's input";
    if (!isNode(conv, conv2d)) return `follows ${conv.primitive.name}, not a convolution`;
    if (outputs.has(input!)) return "a run returns the convolution's own value";
    if (readers.get(input!)!.length > 1) return "the convolution's own value has other readers";
    const { activation } = conv.attrs;
    if (activation !== "none") return `the convolution already applies ${activation}`;
    return absorb(conv, node);
  };

  for (const [i, node] of graph.nodes.entries()) {
    if (!wanted(node)) continue;
    const conv = joined(node);
    const { paths } = node.origin;
    if (typeof conv === "string") {
      refused.push({ paths, why: conv });
      continue;
    }
    nodes[nodes.indexOf(producers.get(node.inputs[0]!))] = conv;
    nodes[i] = undefined;
    producers.set(conv.outputs[0]!, conv);
    fired.push({ paths: conv.origin.paths, what: what(node) });
  }
  return { graph: { ...graph, nodes: nodes.filter((node) => node !== undefined) }, fired, refused };
}
