/** Derivatives of a training graph against central differences of its loss, in f64. */
import { backward } from "../../src/autodiff/backward.js";
import { GraphBuilder, randomInput } from "../../src/autodiff/builder.js";
import { appendLosses, type OutputLoss } from "../../src/autodiff/loss.js";
import { recomputeCheap } from "../../src/autodiff/saved.js";
import { trainingForm } from "../../src/autodiff/training-form.js";
import { type Graph, parametersOf } from "../../src/graph/graph.js";
import { verifyGraph } from "../../src/graph/verify.js";
import type { Value } from "../../src/graph/value.js";
import { elements } from "../../src/ops/shape.js";
import { evaluateGraph, type Numbers } from "../../src/graph/evaluate.js";
import { Random } from "./random.js";
import { weightsFor } from "./weights.js";

export interface GradientCheck {
  /** By the input or parameter. */
  readonly name: string;
  /** Largest difference between the rule's number and the quotient, as a share of the larger. */
  readonly worst: number;
  readonly reached: boolean;
}

export interface GradientCase {
  readonly losses: readonly OutputLoss[];
  readonly seed: number;
  readonly batch: number;
  /** Numbers of each tensor that are tried. */
  readonly tries?: number;
  /** Whether norms keep their statistics. */
  readonly frozen?: () => boolean;
}

/** Every output's squared distance to random numbers: a loss that sees all of them. */
export const squaredErrors = (graph: Graph): readonly OutputLoss[] =>
  graph.outputs.map(({ name }) => ({ output: name, kind: "mean_squared_error", targets: name }));

/** By the inputs of the network as well as by its parameters. */
export function checkGradients(graph: Graph, of: GradientCase): readonly GradientCheck[] {
  const { losses, seed, batch, tries = 4 } = of;
  const b = new GraphBuilder(graph.nodes.flatMap(({ outputs }) => outputs));
  const became = trainingForm(graph, b, of.frozen ?? (() => false));
  const outputs = graph.outputs.map((output) => ({ ...output, value: became(output.value) }));
  const { total, inputs } = appendLosses(b, outputs, losses);
  const parameters = parametersOf(graph).filter(({ kind }) => kind === "parameter");
  const wanted: readonly Value[] = [...graph.inputs, ...parameters];
  const found = backward(b, total, new Set(wanted));
  const all = [...graph.inputs, ...inputs, randomInput];
  const results = [total, ...found.values()].map((value, i) => ({
    name: `${i}`,
    value,
    kind: "output" as const,
  }));
  const plain = { ...graph, inputs: all, nodes: b.made, outputs: results, updates: b.updates };
  const training = recomputeCheap(plain);
  const problems = verifyGraph(training).filter((problem) => !problem.includes("makes nothing"));
  if (problems.length > 0) throw new Error(problems.join("\n"));

  const random = new Random(seed);
  const weights = new Map(weightsFor(graph, seed));
  const feed = new Map(
    all.map((value) => [value, numbersFor(value, batch, random, losses, graph)]),
  );
  const numbers = evaluateGraph(training, feed, weights, batch);
  const lossWith = (value: Value, changed: Numbers): number => {
    const given = value.kind === "input" ? new Map(feed).set(value, changed) : feed;
    const own = value.kind === "input" ? weights : new Map(weights).set(value.name, changed);
    return evaluateGraph(training, given, own, batch)(total)[0]!;
  };
  return wanted.map((value) => {
    const gradient = found.get(value);
    const given = value.kind === "input" ? feed.get(value)! : weights.get(value.name)!;
    const places = Array.from({ length: tries }, () => random.integer(0, given.length - 1));
    const differences = places.map((at) => {
      const moved = (by: number): number =>
        lossWith(
          value,
          Float64Array.from(given, (x, i) => (i === at ? x + by : x)),
        );
      const quotient = (moved(step) - moved(-step)) / (2 * step);
      const own = gradient === undefined ? 0 : numbers(gradient)[at]!;
      return Math.abs(own - quotient) / Math.max(1e-3, Math.abs(own), Math.abs(quotient));
    });
    return { name: value.name, worst: Math.max(...differences), reached: gradient !== undefined };
  });
}

const step = 1e-6;

export function numbersFor(
  value: Value,
  batch: number,
  random: Random,
  losses: readonly OutputLoss[],
  graph: Graph,
): Numbers {
  if (value === randomInput) return Float64Array.of(random.integer(0, 2 ** 31 - 1), 3);
  const count = elements(value.shape) * (value.extent === "image" ? batch : 1);
  if (value.name.endsWith(":smoothing")) return Float64Array.of(0.1);
  if (value.dtype === "i32") {
    const { output } = losses.find(({ targets }) => value.name === `${targets}:target`)!;
    const classes = graph.outputs.find(({ name }) => name === output)!.value.shape[0]!;
    return Float64Array.from({ length: count }, () => random.integer(0, classes - 1));
  }
  const low = /:(loss_weight|class_weights)$/.test(value.name) ? 0.2 : -1;
  return Float64Array.from(random.floats(count, low, 1.5));
}
