/** What each option of a trainer may be. */
import {
  byKind,
  checkOptions,
  count,
  filePath,
  flag,
  listOf,
  oneOf,
  partsOf,
  type Reader,
  type Readers,
  real,
  recordOf,
  text,
} from "../check-options.js";
import { buildReaders } from "../option-readers.js";
import { type Initialiser, initialisers } from "../../ops/training/initialise.js";
import type { BuildOptions } from "../options.js";
import { type Naming, namingReaders, requireNaming } from "../weights/naming.js";
import { type CheckedSource, weightSource } from "../weights/source.js";
import type { CrossEntropy, Loss, Numeric, Optimizer, Schedule } from "./types.js";

/** A trainer's options as they are read. */
export interface CheckedTrainerOptions extends TrainerSettings, Naming {
  /** Which variant of the network is trained. */
  readonly build: TrainedVariant;
  readonly threads?: number;
  readonly weights?: CheckedSource;
  readonly fresh?: readonly string[];
  readonly init?: Initialiser;
  readonly resume?: string;
}

type TrainedVariant = Omit<BuildOptions, "maxBatch" | "tap">;

/** What training does, whoever starts or resumes it. */
export interface TrainerSettings {
  readonly loss?: Readonly<Record<string, Loss>>;
  readonly auxWeights?: Readonly<Record<string, number>>;
  readonly batch?: number;
  readonly optimizer?: Optimizer;
  readonly schedule?: Schedule;
  readonly learningRates?: Readonly<Record<string, number>>;
  readonly keepFeatures?: boolean;
  readonly decay?: "all" | "weights";
  readonly clipNorm?: number;
  readonly average?: number;
  readonly seed?: number;
}

/** More than any machine has memory for. */
const largestTrainingBatch = 65_536;

const finite = Number.isFinite;
const share = real("a number from 0 to below 1", (value) => value >= 0 && value < 1);
const positive = real("a number above 0", (value) => value > 0 && finite(value));
const notNegative = real("a number of at least 0", (value) => value >= 0 && finite(value));

const index = real(
  "a whole number of 32 bits",
  (value) => Number.isInteger(value) && value === (value | 0),
);

const classWeights: Reader<readonly number[]> = (value, place) => {
  const expected = "a list of numbers of at least 0, not all of them 0";
  const read = listOf(notNegative, expected)(value, place);
  if (read.some((factor) => factor > 0)) return read;
  throw place.wrongType(value, expected);
};

const loss: Reader<Loss> = byKind<Loss>({
  cross_entropy: partsOf<CrossEntropy>({
    kind: oneOf(["cross_entropy"]),
    labelSmoothing: share,
    classWeights,
    ignore: index,
  }),
  mean_squared_error: partsOf<Numeric>({ kind: oneOf(["mean_squared_error"]) }),
  sigmoid_cross_entropy: partsOf<Numeric>({ kind: oneOf(["sigmoid_cross_entropy"]) }),
});

type Of<K extends Optimizer["kind"]> = Extract<Optimizer, { readonly kind: K }>;
type Adam = Of<"adam" | "adamw">;

const adam = partsOf<Adam>({
  kind: oneOf(["adam", "adamw"]),
  lr: positive,
  beta1: share,
  beta2: share,
  eps: positive,
  weightDecay: notNegative,
});

const optimizer = byKind<Optimizer>({
  sgd: partsOf<Of<"sgd">>({
    kind: oneOf(["sgd"]),
    lr: positive,
    momentum: share,
    nesterov: flag,
    weightDecay: notNegative,
  }),
  adam,
  adamw: adam,
  rmsprop: partsOf<Of<"rmsprop">>({
    kind: oneOf(["rmsprop"]),
    lr: positive,
    alpha: share,
    eps: positive,
    momentum: share,
    weightDecay: notNegative,
  }),
});

type Written = Exclude<Schedule, (...at: never[]) => number>;
type Cosine = Extract<Written, { readonly kind: "cosine" }>;

const cosine: Reader<Cosine> = (value, place) => {
  const fields = { kind: oneOf(["cosine"]), epochs: count(1), warmup: count(0) };
  const read = partsOf<Cosine>(fields, ["epochs"])(value, place);
  if ((read.warmup ?? 0) < read.epochs) return read;
  throw place.part("warmup").outOfRange(read.warmup, `fewer than the ${read.epochs} epochs`);
};

const written = byKind<Written>({
  constant: partsOf<Extract<Written, { readonly kind: "constant" }>>({
    kind: oneOf(["constant"]),
  }),
  step: partsOf<Extract<Written, { readonly kind: "step" }>>(
    { kind: oneOf(["step"]), every: count(1), factor: positive },
    ["every", "factor"],
  ),
  cosine,
});

const schedule: Reader<Schedule> = (value, place) =>
  typeof value === "function" ? (value as Schedule) : written(value, place);

/** A trainer has a `batch`, and nobody asks it for the values of a step. */
const trainable = ({ maxBatch: _, tap: __, ...others }: Readers<BuildOptions>) => others;

const variant = trainable(buildReaders);

/** Also of what a checkpoint holds of them. */
export const settingsReaders: Readers<TrainerSettings> = {
  loss: recordOf(loss, 'an object such as { prob: { kind: "cross_entropy" } }'),
  auxWeights: recordOf(notNegative, "an object such as { loss_1: 0.3 }"),
  batch: count(1, largestTrainingBatch),
  optimizer,
  schedule,
  learningRates: recordOf(notNegative, 'an object such as { "stem.*": 0.1 }'),
  keepFeatures: flag,
  decay: oneOf(["all", "weights"]),
  clipNorm: positive,
  average: share,
  seed: count(0, 0xffffffff),
};

const readers: Readers<Omit<CheckedTrainerOptions, "build"> & TrainedVariant> = {
  ...variant,
  ...settingsReaders,
  threads: count(0, 1024),
  weights: weightSource,
  ...namingReaders,
  fresh: listOf(text, "a list of patterns of parameter names"),
  init: oneOf(initialisers),
  resume: filePath,
};

/** @throws TypeError too for options that exclude one another */
export function trainerOptions(call: string, given: unknown): CheckedTrainerOptions {
  const all = checkOptions(call, given, readers);
  if (all.resume !== undefined && all.weights !== undefined) {
    throw new TypeError(`${call}: resume brings its own weights; leave weights out.`);
  }
  requireNaming(call, all, all.weights);
  if (all.fresh !== undefined && all.weights === undefined) {
    const why =
      all.resume === undefined ? "without weights all parameters are" : "resume continues";
    throw new TypeError(`${call}: fresh is for parameters that weights has; ${why}.`);
  }
  if (all.fresh !== undefined && all.byOrder === true) {
    const first =
      "write the weights by the spec's names first: inceptc weights SPEC FILE --by-order -o W";
    throw new TypeError(
      `${call}: byOrder pairs all parameters, and fresh leaves some out; ${first}.`,
    );
  }
  const ofVariant = ([name]: readonly [string, unknown]): boolean => name in variant;
  if (all.init !== undefined && all.fresh === undefined) {
    const giver = (["resume", "weights"] as const).find((name) => all[name] !== undefined);
    if (giver !== undefined) {
      throw new TypeError(
        `${call}: init is for parameters that no file gives; ${giver} gives all.`,
      );
    }
  }
  const entries = Object.entries(all);
  return {
    ...(Object.fromEntries(entries.filter((entry) => !ofVariant(entry))) as typeof all),
    build: Object.fromEntries(entries.filter(ofVariant)),
  };
}
