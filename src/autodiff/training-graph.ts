/** Training on one batch, as one graph: forward, losses, derivatives, and what the states become. */
import { type Graph, type GraphOutput, type Node, parametersOf } from "../graph/graph.js";
import { isParameter, type Parameter, type Value } from "../graph/value.js";
import { batchNorm } from "../ops/batchnorm.js";
import { backward } from "./backward.js";
import { GraphBuilder, randomInput } from "./builder.js";
import { recomputeCheap } from "./saved.js";
import { appendLosses, type OutputLoss } from "./loss.js";
import { trainingForm } from "./training-form.js";

export interface TrainingGraph {
  /**
   * Its outputs are the losses, of which `loss` is the weighted sum and `loss:NAME` an output's own,
   * `accuracy:NAME` of each output with classes, and `gradient:NAME` of each parameter that learns.
   */
  readonly graph: Graph;
  readonly gradients: ReadonlyMap<Parameter, Value>;
  /** Parameters that would learn, but that no loss hangs on. */
  readonly unreached: readonly Parameter[];
  /** Outputs whose loss takes the operand of their softmax or sigmoid. */
  readonly ofProbabilities: ReadonlySet<string>;
}

export interface TrainingOptions {
  readonly losses: readonly OutputLoss[];
  /** Parameters that keep their values; a norm whose learned ones all do keeps its statistics too. */
  readonly frozen?: (parameter: Parameter) => boolean;
}

/** @param graph as written, with the auxiliary heads that are trained */
export function trainingGraph(
  graph: Graph,
  { losses, frozen = () => false }: TrainingOptions,
): TrainingGraph {
  const b = new GraphBuilder(graph.nodes.flatMap(({ outputs }) => outputs));
  const became = trainingForm(graph, b, (node) => keepsStatistics(node, frozen));
  const outputs = graph.outputs.map((output) => ({ ...output, value: became(output.value) }));
  const { total, each, accuracies, ofProbabilities, inputs } = appendLosses(b, outputs, losses);
  const learns = parametersOf(graph).filter(
    (parameter) => parameter.kind === "parameter" && !frozen(parameter),
  );
  const found = backward(b, total, new Set<Value>(learns));
  const gradients = new Map(
    learns.flatMap((parameter) => {
      const gradient = found.get(parameter);
      return gradient === undefined ? [] : [[parameter, gradient] as const];
    }),
  );
  const result = (name: string, value: Value): GraphOutput => ({ name, value, kind: "output" });
  const results = [
    result("loss", total),
    ...[...each].map(([name, value]) => result(`loss:${name}`, value)),
    ...[...accuracies].map(([name, value]) => result(`accuracy:${name}`, value)),
    ...[...gradients].map(([{ name }, value]) => result(`gradient:${name}`, value)),
  ];
  const all = [...graph.inputs, ...inputs, ...(b.usesRandom ? [randomInput] : [])];
  return {
    graph: recomputeCheap({
      ...{ ...graph, inputs: all, nodes: b.made, outputs: results, updates: b.updates },
    }),
    gradients,
    unreached: learns.filter((parameter) => !gradients.has(parameter)),
    ofProbabilities,
  };
}

/** Of a norm that learns nothing the statistics stay; one that has nothing to learn measures. */
export function keepsStatistics(
  { primitive, weights }: Node,
  frozen: (parameter: Parameter) => boolean,
): boolean {
  if (primitive.name !== batchNorm.name) return false;
  const learned = Object.values(weights).filter(isParameter);
  const own = learned.filter(({ kind }) => kind === "parameter");
  return own.length > 0 && own.every(frozen);
}
