/** What one run of the training program is given, in native order. */
import { bug } from "../../diagnostics/bug.js";
import type { ManifestTraining } from "../../emit/manifest-training.js";
import type { TrainingArray, TrainNumbers } from "../addon.js";
import type { ReadBatch } from "./batch.js";
import type { LossPlan } from "./losses.js";
import type { TrainPlan } from "./plan.js";
import type { Loss } from "./types.js";

/** Numbers of the run that are the same in each, by the program's name of the input. */
export function constantInputs({ outputs, heads }: LossPlan): ReadonlyMap<string, Float32Array> {
  const trained = [
    ...outputs.map(({ name, loss }) => ({ name, loss, weight: 1 })),
    ...heads.map(({ name, targets, weight }) => ({ name, loss: targets.loss, weight })),
  ];
  return new Map(trained.flatMap(({ name, loss, weight }) => numbersOf(name, loss, weight)));
}

function numbersOf(
  name: string,
  loss: Loss,
  weight: number,
): readonly (readonly [string, Float32Array])[] {
  const factor = [`${name}:loss_weight`, Float32Array.of(weight)] as const;
  if (loss.kind !== "cross_entropy") return [factor];
  return [
    factor,
    [`${name}:smoothing`, Float32Array.of(loss.labelSmoothing ?? 0)],
    [`${name}:class_weights`, Float32Array.from(loss.classWeights ?? [])],
  ];
}

/** @param step from 1: with the seed it is what random numbers of the batch are made of */
export const runInputs = (
  inputs: ManifestTraining["inputs"],
  constants: ReadonlyMap<string, Float32Array>,
  batch: ReadBatch,
  { seed, step }: { readonly seed: number; readonly step: number },
): readonly TrainingArray[] =>
  inputs.map(({ name }) => {
    if (name === "training:random") return Int32Array.of(seed, step);
    const target = name.endsWith(":target") ? name.slice(0, -":target".length) : "";
    const array = batch.inputs.get(name) ?? batch.targets.get(target) ?? constants.get(name);
    return array ?? bug(`nothing is known of the training program's input ${name}`);
  });

/** @param factor on the learning rate */
export function runNumbers(
  { optimizer, clipNorm, average = 0 }: TrainPlan,
  step: number,
  factor: number,
): TrainNumbers {
  // Of each kind some are there: the others are not read.
  const own: Partial<Record<string, number | boolean | string>> = { ...optimizer };
  const number = (name: string): number => Number(own[name] ?? 0);
  return {
    step,
    rate: optimizer.lr * factor,
    decay: optimizer.weightDecay,
    momentum: number("momentum"),
    nesterov: number("nesterov"),
    beta1: number("beta1"),
    beta2: number("beta2"),
    alpha: number("alpha"),
    eps: number("eps"),
    clipNorm,
    average: Math.min(average, (1 + step) / (10 + step)),
  };
}
