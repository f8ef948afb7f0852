/**
 * The family's networks as independent implementations compute them: what fixtures-torch/family/make_family.py
 * has written, and the weights and the image that it was computed from, made anew.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildGraph } from "../../src/graph/build.js";
import { type Graph, parametersOf } from "../../src/graph/graph.js";
import type { Parameter } from "../../src/graph/value.js";
import type { Network } from "../../src/model/network.js";
import { readSource } from "../../src/model/sources/files.js";
import { elements } from "../../src/ops/shape.js";
import { uniform } from "../../src/runtime/weights/random.js";
import { networkOf } from "./network.js";
import { decodedSketch, judgeSketch, type Sketch, type StoredSketch } from "./sketch.js";

const repository = join(dirname(fileURLToPath(import.meta.url)), "../..");
const folder = join(repository, "test/fixtures-torch/family");

/** The names of all fixtures; most are an example's. */
export const family: readonly string[] = readdirSync(folder)
  .filter((file) => file.endsWith(".json"))
  .map((file) => file.slice(0, -".json".length));

/** A count without the auxiliary heads, and with them. */
export type Counted = readonly [inference: number, training: number];

export interface FamilyFixture {
  /** From the repository's root. */
  readonly spec: string;
  /** Texts of it, and what stands in their place where the implementation differs in that. */
  readonly replaced?: readonly (readonly [from: string, to: string])[];
  /** As the independent implementation counts them. */
  readonly parameters: Counted;
  readonly macs: Counted;
  /** Outputs by the spec's path. */
  readonly stages: ReadonlyMap<string, Sketch>;
  readonly weights: (graph: Graph) => ReadonlyMap<string, Float32Array>;
  readonly image: (graph: Graph) => Float32Array;
}

interface Stored extends Pick<FamilyFixture, "spec" | "replaced" | "parameters" | "macs"> {
  readonly seed: number;
  readonly gain: number;
  readonly stages: Readonly<Record<string, StoredSketch>>;
}

export function familyFixture(name: string): FamilyFixture {
  const stored = JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")) as Stored;
  const { seed, gain, stages, ...rest } = stored;
  return {
    ...rest,
    stages: new Map(Object.entries(stages).map(([path, row]) => [path, decodedSketch(row)])),
    weights: (graph) =>
      new Map(
        parametersOf(graph).map((parameter) => [
          parameter.name,
          uniform(
            `${seed}:${parameter.name}`,
            elements(parameter.shape),
            ...range(parameter, gain),
          ),
        ]),
      ),
    image: ({ inputs }) => uniform(`${seed}:image`, elements(inputs[0]!.shape), -2, 2),
  };
}

function range({ role, fanIn }: Parameter, gain: number): readonly [low: number, high: number] {
  switch (role) {
    case "weight": {
      const bound = gain * Math.sqrt(6 / fanIn);
      return [-bound, bound];
    }
    case "gamma":
    case "running_var":
      return [0.8, 1.25];
    case "bias":
    case "beta":
    case "running_mean":
      return [-0.3, 0.3];
  }
}

/** The spec that an implementation is held against, checked; `change` is made in its text. */
export function familyNetwork(
  { spec, replaced = [] }: Pick<FamilyFixture, "spec" | "replaced">,
  change = (text: string): string => text,
): Network {
  const source = readSource(join(repository, spec));
  const text = replaced.reduce((before, [from, to]) => before.replaceAll(from, to), source.text);
  return networkOf({ ...source, text: change(text) });
}

/** The network as written, with its heads, that returns every stage of the fixture. */
export const tappedGraph = (network: Network, { stages }: FamilyFixture): Graph =>
  buildGraph(network, { aux: true, taps: [...stages.keys()] });

/**
 * How much further from f64 than PyTorch's own f32 an engine may be: it adds up in another order. The
 * sixteen sums of a sketch know a distance to about a fifth.
 */
const orders = 4;

/** The stages that are too far from the independent implementation, in the fixture's order. */
export function farStages(
  { stages }: FamilyFixture,
  outputs: ReadonlyMap<string, ArrayLike<number>>,
): readonly string[] {
  return [...stages].flatMap(([path, stage]) => {
    const far: string[] = [];
    judgeSketch(stage, outputs.get(path) ?? [], (how, distance) => {
      const allowed = orders * Math.max(stage.distance, stage.atDistance);
      if (distance <= allowed) return;
      far.push(`${path}: ${how} ${distance.toExponential(1)}, allowed ${allowed.toExponential(1)}`);
    });
    return far;
  });
}
