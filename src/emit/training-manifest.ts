import { normsOfOneValue } from "../autodiff/one-value.js";
import { manifestParameter } from "./manifest-parameter.js";
import type { ManifestTraining } from "./manifest-training.js";
import type { Training } from "./project.js";
import { resultsOf } from "./training-program.js";

/** What the manifest says of the program that trains. */
export function trainingManifest(training: Training): ManifestTraining {
  const { graph, program, losses, parameters, unreached, front, ofProbabilities } = training;
  const learned = new Set(graph.outputs.map(({ name }) => name));
  return {
    losses: losses.map((loss) => ({
      ...loss,
      of: ofProbabilities.has(loss.output) ? "probabilities" : "logits",
    })),
    inputs: graph.inputs.map(({ name, shape, dtype, extent }) => ({
      ...{ name, shape, dtype },
      extent: extent === "image" ? extent : "batch",
    })),
    results: resultsOf(training),
    parameters: parameters.map((parameter) => ({
      ...manifestParameter(parameter),
      learns: learned.has(`gradient:${parameter.name}`),
    })),
    unreached: unreached.map(({ name }) => name),
    ...(front === undefined ? {} : { front }),
    oneValue: normsOfOneValue(graph).map(({ origin }) => origin.paths[0]!),
    imageBytes: program.arenaBytes,
    batchBytes: program.batchBytes,
    weightBytes: program.weightBytes,
  };
}
