/** Reads what a manifest says about training; `parse-manifest.ts` reads the rest. */
import type { LossKind } from "../autodiff/loss.js";
import {
  flag,
  list,
  number,
  oneOf,
  optional,
  type Reader,
  record,
  text,
  whole,
  wrong,
} from "../files/json.js";
import { type Initialiser, initialisers } from "../ops/training/initialise.js";
import type {
  Augmentation,
  OptimizerSettings,
  ScheduleSettings,
} from "../ops/training/settings.js";
import type { ManifestTraining, TrainingDefaults, TrainingHead } from "./manifest-training.js";
import {
  earlier,
  many,
  name,
  parameter,
  parameterFields,
  shape,
  shapeOrNone,
} from "./manifest-readers.js";

const lossKind: Reader<LossKind> = oneOf(
  "cross_entropy",
  "mean_squared_error",
  "sigmoid_cross_entropy",
);

const within =
  (fits: (value: number) => boolean, expected: string): Reader<number> =>
  (value, place) => {
    const read = number(value, place);
    if (fits(read)) return read;
    throw wrong(value, place, expected);
  };

const share = within((value) => value >= 0 && value < 1, "a number from 0 to below 1");
const positive = within((value) => value > 0, "a number above 0");
const notNegative = within((value) => value >= 0, "a number of at least 0");
const most = 1_000_000;
const index = whole(-(2 ** 31), 2 ** 31 - 1);

const adam = {
  lr: positive,
  beta1: share,
  beta2: share,
  eps: positive,
  weightDecay: notNegative,
};

/** Of a record with a `kind`, that kind's own reader. */
const byKind =
  <T>(readers: Readonly<Record<string, Reader<T>>>): Reader<T> =>
  (value, place) => {
    const { kind } = record<{ kind: string }>({ kind: oneOf(...Object.keys(readers)) })(
      value,
      place,
    );
    return readers[kind]!(value, place);
  };

export const optimizer = byKind<OptimizerSettings>({
  sgd: record({
    kind: oneOf("sgd"),
    lr: positive,
    momentum: share,
    nesterov: flag,
    weightDecay: notNegative,
  }),
  adam: record({ kind: oneOf("adam"), ...adam }),
  adamw: record({ kind: oneOf("adamw"), ...adam }),
  rmsprop: record({
    kind: oneOf("rmsprop"),
    lr: positive,
    alpha: share,
    eps: positive,
    momentum: share,
    weightDecay: notNegative,
  }),
});

type Cosine = Extract<ScheduleSettings, { readonly kind: "cosine" }>;

const cosine: Reader<Cosine> = (value, place) => {
  const fields = { kind: oneOf("cosine"), epochs: whole(1, most), warmup: whole(0, most) };
  const read = record<Cosine>(fields)(value, place);
  if (read.warmup < read.epochs) return read;
  throw wrong(read.warmup, `${place}.warmup`, `fewer than the ${read.epochs} epochs`);
};

export const schedule = byKind<ScheduleSettings>({
  constant: record({ kind: oneOf("constant") }),
  step: record({ kind: oneOf("step"), every: whole(1, most), factor: positive }),
  cosine,
});

const augmentation = byKind<Augmentation>({
  crop: record({ kind: oneOf("crop"), pad: whole(0, 2 ** 31 - 1) }),
  flip: record({ kind: oneOf("flip") }),
});

const head = record<TrainingHead>({
  name,
  shape,
  weight: notNegative,
  like: optional(name),
  parameters: list(parameter, many),
});

/** @throws WrongJson */
export const trainingDefaults = record<TrainingDefaults>({
  losses: list(
    record<TrainingDefaults["losses"][number]>({
      output: name,
      kind: lossKind,
      labelSmoothing: share,
      ignore: optional(index),
      classWeights: optional(list(notNegative, many, 1)),
    }),
    many,
  ),
  heads: list(head, many),
  optimizer,
  schedule,
  batch: whole(1, most),
  epochs: whole(1, most),
  augment: earlier([], list(augmentation, 100)),
  init: oneOf<Initialiser>(...initialisers),
  clipNorm: optional(positive),
  decay: oneOf("all", "weights"),
  average: optional(share),
});

/** Of a training program: `prob:target`, `loss:prob`, `training:random`. */
const portName = text(10_000, {
  pattern: /^[\w./:-]+$/,
  expected: "a name of letters, digits and _ . / : -",
});

/** @throws WrongJson */
export const training = record<ManifestTraining>({
  losses: list(
    record<ManifestTraining["losses"][number]>({
      output: name,
      kind: lossKind,
      targets: name,
      classWeights: optional(flag),
      ignore: optional(index),
      of: oneOf("logits", "probabilities"),
    }),
    many,
    1,
  ),
  inputs: list(
    record<ManifestTraining["inputs"][number]>({
      name: portName,
      shape: shapeOrNone,
      dtype: oneOf("f32", "i32", "u8"),
      extent: oneOf("image", "batch"),
    }),
    many,
    1,
  ),
  results: list(portName, many, 1),
  parameters: list(
    record<ManifestTraining["parameters"][number]>({ ...parameterFields, learns: flag }),
    many,
  ),
  unreached: list(name, many),
  front: optional(name),
  oneValue: list(name, many),
  imageBytes: whole(0),
  batchBytes: whole(0),
  weightBytes: whole(0),
});
