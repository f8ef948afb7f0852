import { buildGraph } from "../graph/build.js";
import { parametersOf } from "../graph/graph.js";
import type { Network } from "../model/network.js";
import type { Manifest } from "./manifest.js";
import { manifestParameter } from "./manifest-parameter.js";
import type { TrainingDefaults } from "./manifest-training.js";
import { outputsOf } from "./outputs.js";
import { trainingDefaults } from "./training-defaults.js";

/** All that is known of a network before its training program is built. */
export type Trainable = Pick<Manifest, "model" | "outputs" | "parameters"> & {
  readonly train: TrainingDefaults;
};

/** What a trainer has to know of a network before anything is built. */
export function trainableOf(network: Network): Trainable {
  const graph = buildGraph(network);
  return {
    model: network.name,
    outputs: outputsOf(graph),
    parameters: parametersOf(graph).map(manifestParameter),
    train: trainingDefaults(network),
  };
}
