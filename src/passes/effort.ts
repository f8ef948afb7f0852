/**
 * What running a node takes, in multiply-adds of a convolution: enough to say which of two ways to
 * compute the same takes less, before kernels are chosen.
 */
import type { Graph, Node } from "../graph/graph.js";
import { outputValues, producersOf, readersOf } from "../graph/rewrite.js";
import type { Value } from "../graph/value.js";
import { averagingOf } from "./averaging.js";
import { concat } from "../ops/joins/concat.js";
import { elements } from "../ops/shape.js";

/** A weight is multiplied with more than once where it is a convolution's; but it is read first. */
const read = 3;
/** A number is written, and read by another node. */
const written = 20;
/** All threads meet before and after a node. */
const launch = 10_000;

type Measured = Pick<Node, "primitive" | "attrs" | "inputs" | "outputs" | "weights">;

export function effortOf(node: Measured): number {
  const { primitive, attrs, inputs, outputs, weights } = node;
  // Its branches are written where it is.
  if (primitive.name === concat.name) return 0;
  const results = numbersOf(outputs);
  const shapes = inputs.map(({ shape }) => shape);
  const averaging = averagingOf(node);
  const sums = averaging === undefined ? 0 : results * elements(averaging.kernel);
  const macs = primitive.macs(shapes, attrs) + sums;
  return macs + read * numbersOf(Object.values(weights)) + written * results + launch;
}

const numbersOf = (values: readonly Value[]): number =>
  values.reduce((sum, { shape }) => sum + elements(shape), 0);

/** Who needs what in a graph, and what would be saved. */
export class Needs {
  readonly producers: ReadonlyMap<Value, Node>;
  readonly outputs: ReadonlySet<Value>;
  private readonly readers: ReadonlyMap<Value, readonly Node[]>;
  private readonly known = new Map<Value, number>();

  constructor(graph: Graph) {
    this.producers = producersOf(graph);
    this.outputs = outputValues(graph);
    this.readers = readersOf(graph);
  }

  /** Whether the value is there even if one of its readers no longer asks for it. */
  stays(value: Value): boolean {
    const producer = this.producers.get(value);
    return (
      producer === undefined ||
      producer.outputs.length > 1 ||
      this.outputs.has(value) ||
      this.readers.get(value)!.length > 1
    );
  }

  /** What making the value takes that nobody would need without its only reader. */
  effort(value: Value): number {
    if (this.stays(value)) return 0;
    const known = this.known.get(value);
    if (known !== undefined) return known;
    const producer = this.producers.get(value)!;
    const before = [...new Set(producer.inputs)].reduce((sum, each) => sum + this.effort(each), 0);
    const effort = effortOf(producer) + before;
    this.known.set(value, effort);
    return effort;
  }
}
