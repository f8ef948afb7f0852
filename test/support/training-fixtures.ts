/**
 * Whole runs of training as PyTorch computes them: what fixtures-torch/training/make_training.py has
 * written, and the weights, images and labels that it was computed from, made anew.
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { OutputLoss } from "../../src/autodiff/loss.js";
import { buildGraph } from "../../src/graph/build.js";
import type { Graph } from "../../src/graph/graph.js";
import type { Network } from "../../src/model/network.js";
import { readSource } from "../../src/model/sources/files.js";
import type { OptimizerName } from "../../src/ops/training/optimizers.js";
import { elements } from "../../src/ops/shape.js";
import { uniform } from "../../src/runtime/weights/random.js";
import { networkOf, randomWeights } from "./network.js";
import { decodedSketch, type Sketch, type StoredSketch } from "./sketch.js";

const repository = join(dirname(fileURLToPath(import.meta.url)), "../..");

/** Numbers by what they are called in `optimizers`, and the rate and decay of every parameter. */
export type OptimizerNumbers = Readonly<Record<string, number | boolean>> & {
  readonly rate: number;
  readonly decay: number;
};

export interface TrainingFixture {
  /** With no dropout: a share of 0 stands in the place of each. */
  readonly network: Network;
  /** As written, with the auxiliary heads. */
  readonly graph: Graph;
  readonly losses: readonly OutputLoss[];
  readonly optimizer: OptimizerNumbers & { readonly kind: OptimizerName };
  /** The largest norm of all gradients; above it they are scaled down. */
  readonly clip?: number;
  readonly batch: number;
  readonly batches: number;
  readonly weights: ReadonlyMap<string, Float32Array>;
  /** What a batch is given, counted from 0: inputs of a training graph by name. */
  inputs(batch: number): TrainingInputs;
  /** `loss` and `loss:NAME`: a number a batch, and f32's relative L2 distance over all of them. */
  readonly results: Readonly<
    Record<string, { readonly values: readonly number[]; readonly distance: number }>
  >;
  /** By the number of batches that were before, how tensors have changed since the start, by name. */
  readonly after: ReadonlyMap<number, ReadonlyMap<string, Sketch>>;
}

export type TrainingInputs = ReadonlyMap<string, Float32Array | Int32Array>;

interface Stored extends Pick<TrainingFixture, "optimizer" | "batch" | "clip"> {
  /** From the repository's root. */
  readonly spec: string;
  readonly set: Readonly<Record<string, string>>;
  readonly seed: number;
  readonly classes: number;
  readonly smoothing: number;
  /** Of the losses, by output; the first one's targets are those of all. */
  readonly weights: Readonly<Record<string, number>>;
  readonly losses: TrainingFixture["results"];
  readonly after: Readonly<Record<string, Readonly<Record<string, StoredSketch>>>>;
}

/** @param name of a fixture that is kept, or the path of another one */
export function trainingFixture(name: string): TrainingFixture {
  const kept = join(repository, "test/fixtures-torch/training", `${name}.json`);
  const file = name.endsWith(".json") ? name : kept;
  const stored = JSON.parse(readFileSync(file, "utf8")) as Stored;
  const { path, text } = readSource(join(repository, stored.spec));
  const still = text.replace(/\bdropout\([^)]*\)/g, "dropout(0)");
  const network = networkOf({ path, text: still }, stored.set);
  const graph = buildGraph(network, { aux: true });
  const outputs = Object.keys(stored.weights);
  const { optimizer, clip, batch, losses, seed } = stored;
  return {
    network,
    graph,
    losses: outputs.map((output) => ({ output, kind: "cross_entropy", targets: outputs[0]! })),
    optimizer,
    ...(clip === undefined ? {} : { clip }),
    batch,
    batches: losses["loss"]!.values.length,
    weights: randomWeights(graph, seed),
    inputs: (index) => inputsOf(stored, graph, index),
    results: losses,
    after: new Map(
      Object.entries(stored.after).map(([before, changes]) => [Number(before), decoded(changes)]),
    ),
  };
}

function inputsOf(stored: Stored, { inputs }: Graph, index: number): TrainingInputs {
  const { seed, batch, classes, weights, smoothing } = stored;
  const images = inputs.map(({ name, shape }) => {
    const count = batch * elements(shape);
    return [name, uniform(`${seed}:${name}:${index}`, count, -2, 2)] as const;
  });
  const main = `${Object.keys(weights)[0]!}:target`;
  const drawn = uniform(`${seed}:${main}:${index}`, batch, 0, 1);
  const numbers = Object.entries(weights).flatMap(([output, weight]) => [
    [`${output}:loss_weight`, Float32Array.of(weight)] as const,
    [`${output}:smoothing`, Float32Array.of(smoothing)] as const,
  ]);
  return new Map<string, Float32Array | Int32Array>([
    ...images,
    [main, Int32Array.from(drawn, (u) => Math.floor(u * classes))],
    ...numbers,
    ["training:random", Int32Array.of(seed, index + 1)],
  ]);
}

const decoded = (changes: Readonly<Record<string, StoredSketch>>): ReadonlyMap<string, Sketch> =>
  new Map(Object.entries(changes).map(([name, change]) => [name, decodedSketch(change)]));
