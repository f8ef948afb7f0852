/** Prepare steps in plain double precision, and weights to try graphs with. */
import {
  parametersOf,
  type FoldBatchNorm,
  type Graph,
  type Parameter,
  type Tensor,
} from "../../src/graph/graph.js";
import { elements } from "../../src/ops/shape.js";
import { Random } from "./random.js";

/** By parameter name. */
export type Weights = ReadonlyMap<string, Float64Array>;

/** Values in a range that keeps activations near 1; running variances are positive. */
export function weightsFor(graph: Graph, seed: number): Weights {
  const random = new Random(seed);
  return new Map(parametersOf(graph).map((parameter) => [parameter.name, fill(parameter, random)]));
}

function fill({ role, shape, fanIn }: Parameter, random: Random): Float64Array {
  const positive = role === "running_var" || role === "gamma";
  const bound = role === "weight" ? Math.sqrt(3 / Math.max(fanIn, 1)) : 0.5;
  const [low, high] = positive ? [0.5, 1.5] : [-bound, bound];
  return Float64Array.from(random.floats(elements(shape), low, high));
}

export function prepare(
  tensor: Tensor,
  weights: Weights,
  cache: Map<Tensor, Float64Array>,
): Float64Array {
  const known = cache.get(tensor);
  if (known !== undefined) return known;
  const made = tensor.kind === "parameter" ? weights.get(tensor.name)! : run(tensor);
  cache.set(tensor, made);
  return made;

  function run({ step, result }: Extract<Tensor, { kind: "prepared" }>): Float64Array {
    const read = (input: Tensor): Float64Array => prepare(input, weights, cache);
    if (step.kind === "fold-batchnorm") return fold(step, result, read);
    const rows = step.inputs.map((input, i) =>
      input === undefined ? new Float64Array(elements(step.shapes[i]!)) : read(input),
    );
    return Float64Array.from(rows.flatMap((values) => [...values]));
  }
}

function fold(
  { eps, inputs }: FoldBatchNorm,
  result: string,
  read: (tensor: Tensor) => Float64Array,
): Float64Array {
  const weight = read(inputs.weight);
  const [mean, variance] = [read(inputs.mean), read(inputs.variance)];
  const gamma = inputs.gamma && read(inputs.gamma);
  const beta = inputs.beta && read(inputs.beta);
  const bias = inputs.bias && read(inputs.bias);
  const factor = variance.map((v, o) => (gamma?.[o] ?? 1) / Math.sqrt(v + eps));
  if (result === "weight") {
    const row = weight.length / factor.length;
    return weight.map((w, i) => w * factor[Math.floor(i / row)]!);
  }
  return factor.map((s, o) => ((bias?.[o] ?? 0) - mean[o]!) * s + (beta?.[o] ?? 0));
}
