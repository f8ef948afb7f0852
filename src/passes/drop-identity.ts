/**
 * Leaves out nodes that pass their input through at inference: dropout, identity, a join of one
 * operand, `scale(1)`, and a flatten where every reader is a linear, which flattens by itself.
 *
 *     pool = globalavgpool (x)
 *     drop = dropout 0.4 (pool)             ->   pool = globalavgpool (x)
 *     fc = linear 1000 (drop)                    fc = linear 1000 (pool)
 *
 * It does not drop a flatten of an image for any other reader: that one sees another shape.
 */
import { isNode, type Graph, type Node } from "../graph/graph.js";
import { outputValues, readersOf, rewrite } from "../graph/rewrite.js";
import type { Value } from "../graph/value.js";
import { flatten } from "../ops/flatten.js";
import { linear } from "../ops/linear.js";
import { isImage } from "../ops/shape.js";
import type { Firing, Pass, Refusal } from "./pass.js";

export const dropIdentity: Pass = {
  name: "drop-identity",
  run(graph) {
    const flattens = new Flattens(graph);
    const values = new Map<Value, Value>();
    const fired: Firing[] = [];
    const refused: Refusal[] = [];
    // Readers first: what a flatten feeds may itself be dropped.
    for (const node of [...graph.nodes].reverse()) {
      const { paths } = node.origin;
      const why = isNode(node, flatten) ? flattens.obstacle(node, values) : undefined;
      if (why !== undefined) refused.unshift({ paths, why });
      else if (isNode(node, flatten) || passesOn(node)) {
        values.set(node.outputs[0]!, node.inputs[0]!);
        fired.unshift({ paths, what: `${node.primitive.name} left out` });
      }
    }
    const dropped = graph.nodes.filter((node) => values.has(node.outputs[0]!));
    const nodes = new Map(dropped.map((node) => [node, []]));
    return { graph: rewrite(graph, { nodes, values }), fired, refused };
  },
};

const passesOn = ({ primitive, attrs, inputs }: Node): boolean =>
  primitive.passesOn?.(attrs, inputs.length) ?? false;

class Flattens {
  private readonly readers: ReadonlyMap<Value, readonly Node[]>;
  private readonly outputs: ReadonlySet<Value>;

  constructor(graph: Graph) {
    this.readers = readersOf(graph);
    this.outputs = outputValues(graph);
  }

  /** Why the node must stay, given the values already dropped downstream of it. */
  obstacle(node: Node, dropped: ReadonlyMap<Value, Value>): string | undefined {
    if (!isImage(node.inputs[0]!.shape)) return undefined;
    const seen = this.seenAs(node.outputs[0]!, dropped);
    if (seen.some((value) => this.outputs.has(value))) return "a run returns the flat vector";
    const reader = seen
      .flatMap((value) => this.readers.get(value) ?? [])
      .find((reader) => !dropped.has(reader.outputs[0]!) && !isNode(reader, linear));
    return reader && `${reader.primitive.name} ${reader.outputs[0]!.name} needs the flat vector`;
  }

  /** The value and those that are it once the dropped nodes are gone. */
  private seenAs(value: Value, dropped: ReadonlyMap<Value, Value>): readonly Value[] {
    const followers = (this.readers.get(value) ?? [])
      .flatMap((reader) => reader.outputs)
      .filter((output) => dropped.has(output));
    return [value, ...followers.flatMap((follower) => this.seenAs(follower, dropped))];
  }
}
