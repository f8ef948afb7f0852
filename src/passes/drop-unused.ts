/**
 * Leaves out what no output needs, such as a stage that only an auxiliary head read.
 *
 *     features = conv 3x3 (image)                features = conv 3x3 (image)
 *     extra = conv 1x1 (features)           ->   prob = softmax (features)
 *     prob = softmax (features)
 *
 * It does not touch a node of which one result is needed and another is not.
 */
import { type Node, operandsOf } from "../graph/graph.js";
import { outputValues, rewrite } from "../graph/rewrite.js";
import type { Value } from "../graph/value.js";
import type { Pass } from "./pass.js";

export const dropUnused: Pass = {
  name: "drop-unused",
  run(graph) {
    const needed = new Set<Value>(outputValues(graph));
    const dead = new Map<Node, readonly Node[]>();
    for (const node of [...graph.nodes].reverse()) {
      if (node.outputs.some((value) => needed.has(value))) {
        operandsOf(node).forEach((value) => needed.add(value));
      } else dead.set(node, []);
    }
    const fired = [...dead.keys()].reverse().map(({ primitive, origin }) => ({
      paths: origin.paths,
      what: `${primitive.name} left out: no output needs it`,
    }));
    return { graph: rewrite(graph, { nodes: dead }), fired, refused: [] };
  },
};
