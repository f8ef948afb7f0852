/** Nodes of training graphs with the numbers that they work on: what kernels are judged by. */
import type { LossKind, OutputLoss } from "../../../src/autodiff/loss.js";
import { trainingGraph, type TrainingOptions } from "../../../src/autodiff/training-graph.js";
import { type Graph, type Node, operandsOf } from "../../../src/graph/graph.js";
import { isParameter, type Value } from "../../../src/graph/value.js";
import type { Pass } from "../../../src/passes/pass.js";
import { numbersFor } from "../../support/gradients.js";
import { evaluateGraph, type Numbers } from "../../../src/graph/evaluate.js";
import type { Random } from "../../support/random.js";
import { traits } from "../../support/passes.js";
import { weightsFor } from "../../support/weights.js";

/** A node, and what its operands are in a batch: numbers that a float holds. */
export interface NodeCase {
  readonly name: string;
  readonly node: Node;
  readonly batch: number;
  readonly numbers: ReadonlyMap<Value, Numbers>;
}

export interface TrainedCase extends Partial<Pick<TrainingOptions, "frozen">> {
  readonly graph: Graph;
  readonly losses: readonly OutputLoss[];
  readonly batch: number;
  /** Rewrites the training graph. */
  readonly pass?: Pass;
  /** What the network's inputs are, where not random. */
  readonly input?: (at: number) => number;
}

export const lossesOf = (
  { outputs }: Graph,
  kind: LossKind,
  more: Partial<OutputLoss> = {},
): readonly OutputLoss[] =>
  outputs.map(({ name }) => ({ output: name, targets: name, kind, ...more }));

/** All nodes of the training graph, each with the operands that it has there. */
export function nodesOf(name: string, random: Random, of: TrainedCase): readonly NodeCase[] {
  const { graph, losses, batch, input, pass, ...options } = of;
  const written = trainingGraph(graph, { losses, ...options }).graph;
  const training = pass === undefined ? written : pass.run(written, traits).graph;
  const given = (value: Value): Numbers => {
    const numbers = numbersFor(value, batch, random, losses, graph);
    const own = input !== undefined && graph.inputs.includes(value);
    return own ? numbers.map((_, at) => input(at)) : numbers;
  };
  const feed = new Map(training.inputs.map((value) => [value, given(value)]));
  const weights = weightsFor(graph, random.integer(1, 1e6));
  const made = evaluateGraph(training, feed, weights, batch);
  return training.nodes.map((own) => {
    const numbers = new Map<Value, Numbers>();
    const operand = (value: Value): Value => {
      const parameter = isParameter(value);
      // What a parameter holds goes like what a run has made: kernels see no difference.
      const seen: Value = parameter ? { ...value, extent: "batch", kind: "result" } : value;
      const exact = parameter ? weights.get(value.name)! : made(value);
      numbers.set(seen, Float64Array.from(exact, Math.fround));
      return seen;
    };
    const roles = Object.entries(own.weights).map(([role, value]) => [role, operand(value)]);
    const node = {
      ...own,
      inputs: own.inputs.map(operand),
      weights: Object.fromEntries(roles) as Node["weights"],
    };
    const what = `${node.primitive.name} ${node.primitive.format(node.attrs)}`.trim();
    return { name: `${what} of ${name}, a batch of ${batch}`, node, batch, numbers };
  });
}

/** What the node makes of them by its definition. */
export function expectedOf({ node, batch, numbers }: NodeCase): readonly Numbers[] {
  const operand = (value: Value) => ({ shape: value.shape, data: numbers.get(value)! });
  const weights = Object.entries(node.weights).map(([role, value]) => [role, operand(value)]);
  const operands = {
    inputs: node.inputs.map(operand),
    weights: Object.fromEntries(weights) as Record<string, ReturnType<typeof operand>>,
  };
  return node.primitive.evaluate(operands, node.attrs, touchesImages(node) ? batch : 1);
}

/** Whether there is one of an operand or a result for each image. */
export const touchesImages = (node: Node): boolean =>
  [...operandsOf(node), ...node.outputs].some(({ extent }) => extent === "image");
