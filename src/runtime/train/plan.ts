/** A trainer's options on a certain network: what has to be built, and the numbers of its runs. */
import type { ManifestParameter } from "../../emit/manifest-parameter.js";
import { optimizerDefaults, type OptimizerSettings } from "../../ops/training/settings.js";
import type { TrainRequest } from "../../build/request.js";
import type { Trainable } from "../variants.js";
import { type LossPlan, outputLosses, planLosses } from "./losses.js";
import type { CheckedTrainerOptions } from "./options.js";
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
}

/**
 * @param call as messages name it
 * @throws TypeError or RangeError for options that do not fit the network
 */
export function planTraining(
  call: string,
  network: Trainable,
  options: CheckedTrainerOptions,
): TrainPlan {
  const { train } = network;
  const losses = planLosses(call, network, options);
  const { learningRates = {}, decay = train.decay } = options;
  const rates = ratesOf(call, parametersOf(network, losses), learningRates, decay);
  return {
    losses,
    rates,
    request: { losses: outputLosses(losses), frozen: frozenOf(rates) },
    optimizer: optimizerOf(train.optimizer, options.optimizer),
    schedule: options.schedule ?? train.schedule,
    batch: options.batch ?? train.batch,
    clipNorm: options.clipNorm ?? train.clipNorm ?? 0,
    average: options.average ?? train.average,
    seed: options.seed ?? 0,
  };
}

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
  given: CheckedTrainerOptions["optimizer"],
): OptimizerSettings => {
  if (given === undefined) return spec;
  const base = spec.kind === given.kind ? spec : optimizerDefaults[given.kind];
  // The kinds agree, so the fields do.
  return { ...base, ...given } as OptimizerSettings;
};
