/**
 * What of the way to the losses is there when derivatives are computed. The rules of the operators ask
 * for as little as they can: an activation's derivative for its result where that will do, a max pool's
 * for the taps it took, a norm's for its operand and two numbers a channel, a dropout's for nothing but
 * its place in a stream of random numbers. What they ask for is kept, but for
 *
 *     y = silu (x)   …   dw = conv-weight-gradient (y, dy)      dx = activation-gradient (x, dy)
 *                        ->
 *     y = silu (x)   …   y' = silu (x), late      dw = conv-weight-gradient (y', dy)      …
 *
 * the result of an activation whose operand is kept in any case: it is computed again, as late as what
 * reads it allows, and a tensor less lives from the forward to the backward half (Chen et al. 2016,
 * "Training Deep Nets with Sublinear Memory Cost", at the price of one pass over memory).
 */
import { type Graph, type Node, operandsOf, prepares } from "../graph/graph.js";
import { resultValue, type Value } from "../graph/value.js";
import { activationOf } from "../ops/activations.js";
import { ones } from "../ops/training/ones.js";
import { zerosLike } from "../ops/training/zeros-like.js";

/** A value of the forward half that derivatives read. */
export interface Saved {
  readonly value: Value;
  /** Computed again for them; else it lives until the last of them. */
  readonly again: boolean;
  /** The nodes of the backward half that read it. */
  readonly readers: readonly Node[];
}

/** In the order in which they are made; what a caller gives or a model has is there anyway. */
export function savedValues(graph: Graph): readonly Saved[] {
  const backward = backwardHalf(graph);
  const readers = new Map<Value, Node[]>();
  const reads = (node: Node): boolean =>
    backward.has(node) && node.late !== true && !shapesAlone.has(node.primitive.name);
  for (const node of graph.nodes.filter(reads)) {
    for (const value of new Set(operandsOf(node))) {
      readers.set(value, [...(readers.get(value) ?? []), node]);
    }
  }
  return graph.nodes
    .filter((node) => !prepares(node) && (!backward.has(node) || node.late === true))
    .flatMap(({ outputs, late = false }) =>
      outputs.flatMap((value): Saved[] => {
        const own = readers.get(value);
        return own === undefined ? [] : [{ value, again: late, readers: own }];
      }),
    );
}

/** These ask how large their operand is, and not for its numbers. */
const shapesAlone: ReadonlySet<string> = new Set([ones.name, zerosLike.name]);

/** The graph with those results computed again whose operand derivatives keep. */
export function recomputeCheap(graph: Graph): Graph {
  const saved = new Map(savedValues(graph).map((each) => [each.value, each]));
  const again = new Map<Value, Node>();
  for (const node of graph.nodes) {
    const [operand] = node.inputs;
    const isCheap = activationOf(node.primitive) !== undefined && node.late !== true;
    const [result] = node.outputs;
    // What is computed again itself is not there to compute from.
    const isKept = isThere(operand!, saved) && !again.has(operand!);
    if (!isCheap || !saved.has(result!) || !isKept) continue;
    const copy = resultValue(`${result!.name}:again`, result!);
    again.set(result!, { ...node, outputs: [copy], late: true });
  }
  if (again.size === 0) return graph;
  const backward = backwardHalf(graph);
  const made = new Set<Node>();
  const nodes = graph.nodes.flatMap((node) => {
    if (!backward.has(node)) return [node];
    const copies = node.inputs.flatMap((value) => again.get(value) ?? []);
    const fresh = copies.filter((copy) => !made.has(copy));
    fresh.forEach((copy) => made.add(copy));
    const current = (value: Value): Value => again.get(value)?.outputs[0] ?? value;
    return [...fresh, copies.length === 0 ? node : { ...node, inputs: node.inputs.map(current) }];
  });
  return { ...graph, nodes };
}

const isThere = (value: Value, saved: ReadonlyMap<Value, Saved>): boolean =>
  value.kind === "input" || saved.has(value);

/** What hangs on the derivative of the loss by itself. */
function backwardHalf({ nodes }: Graph): ReadonlySet<Node> {
  const [reached, half] = [new Set<Value>(), new Set<Node>()];
  for (const node of nodes) {
    const begins = node.primitive.name === ones.name;
    if (!begins && node.late !== true && !operandsOf(node).some((value) => reached.has(value))) {
      continue;
    }
    half.add(node);
    node.outputs.forEach((value) => reached.add(value));
  }
  return half;
}
