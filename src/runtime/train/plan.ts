/** A trainer's options on a certain network: what has to be built, and the numbers of its runs. */
import type { ManifestParameter } from "../../emit/manifest-parameter.js";
import { optimizerDefaults, type OptimizerSettings } from "../../ops/training/settings.js";
import type { TrainRequest } from "../../build/request.js";
import type { Trainable } from "../variants.js";
import { type LossPlan, outputLosses, planLosses } from "./losses.js";
import type { TrainerSettings } from "./options.js";
import { frozenOf, type Rate, ratesOf } from "./rates.js";
import type { Schedule } from "./types.js";

export interface TrainPlan {
  readonly losses: LossPlan;
  /** By parameter that learns. */
  readonly rates: ReadonlyMap<string, Rate>;
  readonly request: TrainRequest;
  readonly optimizer: OptimizerSettings;
  readonly schedule: Schedule;
  readonly batch: number;
  readonly clipNorm: number;
  /** Of the average that follows the parameters; undefined where there is none. */
  readonly average: number | undefined;
  readonly seed: number;
  /** All of it as options, for who resumes; a function is left out. */
  readonly settings: TrainerSettings;
}

/**
 * @param call as messages name it
 * @throws TypeError or RangeError for options that do not fit the network
 */
export function planTraining(
  call: string,
  network: Trainable,
  options: TrainerSettings,
): TrainPlan {
  const { train } = network;
  const losses = planLosses(call, network, options);
  const { learningRates = {}, decay = train.decay, seed = 0, keepFeatures = false } = options;
  const rates = ratesOf(call, parametersOf(network, losses), learningRates, decay);
  const { batch = train.batch, schedule = train.schedule } = options;
  const { clipNorm = train.clipNorm, average = train.average } = options;
  const optimizer = optimizerOf(train.optimizer, options.optimizer);
  return {
    ...{ losses, rates, optimizer, schedule, batch, average, seed },
    clipNorm: clipNorm ?? 0,
    request: {
      ...{ losses: outputLosses(losses), frozen: frozenOf(rates) },
      ...(keepFeatures ? { keepFeatures } : {}),
    },
    settings: {
      loss: Object.fromEntries(losses.outputs.map(({ name, loss }) => [name, loss])),
      auxWeights: Object.fromEntries(losses.heads.map(({ name, weight }) => [name, weight])),
      ...{ batch, optimizer, learningRates, decay, seed },
      ...(typeof schedule === "function" ? {} : { schedule }),
      ...(clipNorm === undefined ? {} : { clipNorm }),
      ...(average === undefined ? {} : { average }),
      ...(keepFeatures ? { keepFeatures } : {}),
    },
  };
}

/**
 * What a trainer of these options fills before its first step.
 *
 * @throws TypeError or RangeError for options that do not fit the network
 */
export const parametersToFill = (
  call: string,
  network: Trainable,
  options: TrainerSettings,
): readonly ManifestParameter[] => parametersOf(network, planLosses(call, network, options));

/** Of the network and of the heads that are trained. */
function parametersOf(
  { parameters, train }: Trainable,
  { heads }: LossPlan,
): readonly ManifestParameter[] {
  const trained = train.heads.filter((head) => heads.some(({ name }) => name === head.name));
  return [...parameters, ...trained.flatMap((head) => head.parameters)];
}

/** What is not given is the spec's where the kinds agree, else the kind's default. */
const optimizerOf = (
  spec: OptimizerSettings,
  given: TrainerSettings["optimizer"],
): OptimizerSettings => {
  if (given === undefined) return spec;
  const base = spec.kind === given.kind ? spec : optimizerDefaults[given.kind];
  // The kinds agree, so the fields do.
  return { ...base, ...given } as OptimizerSettings;
};
