import type { Manifest } from "../emit/manifest.js";
import { elements, type Shape } from "../ops/shape.js";
import type { ModelName, NetworkTypes } from "./types.js";

/** What a loaded model is and takes. Shapes leave the batch out. */
export interface ModelInfo<N extends NetworkTypes = NetworkTypes> {
  readonly model: ModelName<N>;
  readonly doc?: string;
  /** Target and instruction set that run: `cpu avx512`. */
  readonly target: string;
  /** Instruction sets, or GPUs, that the build has code for, best first. */
  readonly levels: readonly string[];
  readonly precision: string;
  readonly maxBatch: number;
  readonly inputs: N["inputs"];
  readonly outputs: N["outputs"];
  readonly stages: N["stages"];
  /** Values of all parameters together. */
  readonly parameters: number;
  /**
   * Bytes of activations that one instance holds: for each image that it computes at once. On the CPU
   * these are as many as its threads, or one where `maxBatch` is less than that; more where layers read
   * their weights once for several images.
   */
  readonly arenaBytes: number;
  /** Bytes of prepared weights, which all instances share. */
  readonly weightBytes: number;
  /** Launches of convolutions in one run, and the convolutions of the spec that they compute. */
  readonly kernels: number;
  readonly convolutions: number;
  readonly labels?: readonly string[];
  /** Tensors of the checkpoint that belong to no layer of this network. */
  readonly unusedTensors: readonly string[];
}

export function modelInfo<N extends NetworkTypes>(
  manifest: Manifest,
  arenaBytes: number,
  unusedTensors: readonly string[],
): ModelInfo<N> {
  const { model, doc, labels } = manifest;
  return Object.freeze({
    model: model as ModelName<N>,
    ...(doc === undefined ? {} : { doc }),
    target: `${manifest.target} ${manifest.level}`,
    levels: manifest.programs?.map(({ level }) => level) ?? manifest.level.split(" "),
    precision: manifest.precision,
    maxBatch: manifest.maxBatch,
    inputs: shapes(manifest.inputs),
    outputs: shapes(manifest.outputs),
    stages: shapes(manifest.stages),
    parameters: manifest.parameters.reduce((sum, p) => sum + elements(p.shape), 0),
    arenaBytes,
    weightBytes: manifest.weightBytes,
    kernels: manifest.kernels,
    convolutions: manifest.convolutions,
    ...(labels === undefined ? {} : { labels }),
    unusedTensors,
  });
}

const shapes = (ports: readonly { name: string; shape: Shape }[]): Record<string, Shape> =>
  Object.fromEntries(ports.map(({ name, shape }) => [name, shape]));
