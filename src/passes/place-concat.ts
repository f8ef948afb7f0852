/**
 * Has the operands of a concat written straight into its buffer, so that nothing is copied.
 *
 *     y = concat (b1, b3, b5, pool)         ->   y = concat 4 of 4 in place (b1, b3, b5, pool)
 *
 * A placed value is a slice of the concat's buffer for its whole life, whoever else reads it; a
 * placed concat takes its own operands along. It does not place the network's input, a value that
 * already has a place in this or another concat, or one that would start where the target cannot
 * address a slice; those are copied by the concat.
 */
import { isNode, type Graph, type Node, type Value } from "../graph/graph.js";
import { rewrite } from "../graph/rewrite.js";
import { concat, type ConcatAttrs } from "../ops/joins/concat.js";
import { channels } from "../ops/shape.js";
import type { Firing, Pass, Refusal, TargetTraits } from "./pass.js";

export const placeConcat: Pass = {
  name: "place-concat",
  run(graph, traits) {
    const placed = new Set<Value>();
    const nodes = new Map<Node, readonly Node[]>();
    const fired: Firing[] = [];
    const refused: Refusal[] = [];
    for (const node of graph.nodes) {
      if (!isNode(node, concat)) continue;
      const { paths } = node.origin;
      const inPlace = starts(node).map((start, i) => {
        const why = obstacle(graph, node, i, start, placed, traits);
        if (why === undefined) placed.add(node.inputs[i]!);
        else refused.push({ paths, why: `${node.inputs[i]!.name} is copied: ${why}` });
        return why === undefined;
      });
      const count = inPlace.filter(Boolean).length;
      if (count === 0) continue;
      nodes.set(node, [{ ...node, attrs: { inPlace } }]);
      fired.push({ paths, what: `${count} of ${inPlace.length} operands written in place` });
    }
    return { graph: rewrite(graph, { nodes }), fired, refused };
  },
};

/** The channel at which each operand begins. */
function starts(node: Node<ConcatAttrs>): readonly number[] {
  let start = 0;
  return node.inputs.map((input) => {
    const own = start;
    start += channels(input.shape);
    return own;
  });
}

function obstacle(
  graph: Graph,
  node: Node<ConcatAttrs>,
  operand: number,
  start: number,
  placed: ReadonlySet<Value>,
  traits: TargetTraits,
): string | undefined {
  const value = node.inputs[operand]!;
  if (value === graph.input) return "it is the network's input";
  if (node.inputs.indexOf(value) < operand) return "it is an operand twice";
  if (placed.has(value)) return "another concat holds it";
  if (!traits.sliceAligned(start, node.outputs[0]!.shape)) {
    return `no slice can start at channel ${start}`;
  }
  return undefined;
}
