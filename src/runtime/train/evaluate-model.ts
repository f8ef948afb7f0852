/** Judges a network that is built for inference alone, on any target. */
import type { Manifest } from "../../emit/manifest.js";
import { plane, type Shape } from "../../ops/shape.js";
import type { Preparer } from "../image/prepare.js";
import type { Model } from "../model.js";
import type { NetworkTypes } from "../types.js";
import { BatchReader, type ReadBatch, targetPort } from "./batch.js";
import type { CheckedEvaluateOptions } from "./fit-options.js";
import { planLosses, type TrainedOutput } from "./losses.js";
import type { Pictures } from "./pictures.js";
import { type Answers, scoreBatches } from "./score-batches.js";
import type { Evaluation, Losses } from "./types.js";
import { batchesOf } from "./use-pictures.js";

export interface JudgedModel {
  readonly manifest: Manifest;
  readonly addon: Preparer;
  readonly model: Model;
}

/** Pictures that are prepared ahead together. */
const batch = 32;

/**
 * What a loaded model is worth on pictures, by the losses of the spec.
 *
 * @param call as messages name it
 * @throws TypeError or InceptError as `evaluate` of a trainer
 */
export function evaluateModel(
  call: string,
  { manifest, addon, model }: JudgedModel,
  pictures: Pictures,
  options: CheckedEvaluateOptions & {
    /** Names of the classes that the weights were trained for, where they are known. */
    readonly labels: readonly string[] | undefined;
    readonly warn: (message: string) => void;
  },
): Promise<Evaluation<NetworkTypes, Losses<NetworkTypes>>> {
  const { signal, labels, warn, ...asked } = options;
  const { outputs } = manifest;
  const losses = planLosses(call, { ...manifest, train: manifest.train! }, {});
  const judged = losses.outputs.map((output) => {
    const { classes } = outputs.find(({ name }) => name === output.name)!;
    return { output, of: classes === "logits" ? ("logits" as const) : ("probabilities" as const) };
  });
  const trained = {
    network: { manifest, addon },
    plan: { losses, batch },
    ...{ labels, warn },
  };
  const data = batchesOf(call, pictures, trained, asked);
  const targets = losses.outputs.map((output) => targetPort(output, targetsOf(output)));
  const others = outputs.map(({ name }) => name);
  const untrained = others.filter((name) => !targets.some((target) => target.name === name));
  const reader = new BatchReader(manifest.inputs, targets, untrained);
  const answer = ({ inputs }: ReadBatch): Promise<Answers> =>
    model.run(Object.fromEntries(inputs), signal === undefined ? {} : { signal });
  const batches = data.batches({ number: 0, seed: 0, from: 0 });
  const read = (given: unknown): ReadBatch => reader.read(call, given);
  return scoreBatches<NetworkTypes, Losses<NetworkTypes>, ReadBatch>(
    call,
    judged,
    { batches, read, answer },
    signal,
  );
}

/** A label an image, or one a pixel where there are several. */
const targetsOf = ({ shape, loss }: TrainedOutput): Shape =>
  loss.kind !== "cross_entropy"
    ? shape
    : plane(shape).some((side) => side !== 1)
      ? plane(shape)
      : [];
