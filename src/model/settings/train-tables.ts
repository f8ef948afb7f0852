/** The argument tables of `train { … }` and of what its fields call. */
import {
  bool,
  call,
  count,
  fraction,
  integer,
  listOf,
  natural,
  notNegative,
  positive,
  word,
  type CallArg,
} from "../../ops/kinds.js";
import {
  named,
  noArguments,
  optional,
  positional,
  signature,
  type Kind,
  type Signature,
} from "../../ops/signature.js";
import { initialisers } from "../../ops/training/initialise.js";

const factors = listOf(notNegative);

const classWeights: Kind<readonly number[]> = {
  ...factors,
  expected: "a list of numbers of at least 0, one a class, not all of them 0",
  read: (value) => {
    const reading = factors.read(value);
    const isNothing = reading.ok && reading.value.every((factor) => factor === 0);
    return isNothing ? { ok: false, fault: "range" } : reading;
  },
};

const crossEntropy = signature({
  label_smoothing: named(fraction, 0, "Share of a target that is given to all classes alike."),
  ignore: optional(integer, "Targets of this index cost nothing."),
  class_weights: optional(classWeights, "What a target of each class counts: a list."),
});

const losses = {
  cross_entropy: crossEntropy,
  mean_squared_error: noArguments,
  sigmoid_cross_entropy: noArguments,
};

const decay = named(notNegative, 0, "Pulls weights towards 0.");

const betas = {
  beta1: named(fraction, 0.9, "Decay of the mean of gradients."),
  beta2: named(fraction, 0.999, "Decay of the mean of their squares."),
  eps: named(positive, 1e-8, "Added to the denominator.", "1e-8"),
};

const optimizers = {
  sgd: signature({
    lr: named(positive, 0.1, "Learning rate."),
    momentum: named(fraction, 0.9, "Share of the last update that is kept."),
    weight_decay: decay,
    nesterov: named(bool, false, "Looks ahead along the momentum."),
  }),
  adam: signature({ lr: named(positive, 1e-3, "Learning rate."), ...betas, weight_decay: decay }),
  adamw: signature({
    lr: named(positive, 1e-3, "Learning rate."),
    ...betas,
    weight_decay: named(notNegative, 0.01, "Decoupled from the gradient."),
  }),
  rmsprop: signature({
    lr: named(positive, 0.01, "Learning rate."),
    alpha: named(fraction, 0.99, "Decay of the mean of squares."),
    eps: named(positive, 1e-8, "Added to the denominator.", "1e-8"),
    momentum: named(fraction, 0, "Share of the last update that is kept."),
    weight_decay: decay,
  }),
};

const schedules = {
  constant: noArguments,
  step: signature({
    every: named(count, 8, "Epochs between two changes."),
    factor: named(positive, 0.96, "The learning rate is multiplied by it."),
  }),
  cosine: signature({ warmup: named(natural, 0, "Epochs of linear warm-up.") }),
};

const augmentations = {
  crop: signature({
    size: positional(count, "Side of the random crop."),
    pad: named(natural, 0, "Zeros around the image before."),
  }),
  flip: noArguments,
};

/** The loss of one output. */
export const lossKind = call("loss", losses);

/** One loss of every output, or a record of them, whose values are read by themselves. */
const lossOrRecord: Kind<CallArg | undefined> = {
  ...lossKind,
  // In a list they are known too, so that it is the list that is refused.
  item: lossKind,
  expected: `${lossKind.expected}, or a loss by output: { NAME: cross_entropy }`,
  read: (value) =>
    value.kind === "record" ? { ok: true, value: undefined } : lossKind.read(value),
};

/** A call with the defaults of its table. */
const bare = (calls: Readonly<Record<string, Signature<unknown>>>, name: string): CallArg => ({
  name,
  args: calls[name]!.complete(new Map()),
});

/** The fields of `train { … }`, as an argument table. */
export const trainSignature = signature({
  loss: named(
    lossOrRecord,
    bare(losses, "cross_entropy"),
    "What is minimised: of every output, or by output.",
    "cross_entropy",
  ),
  optimizer: named(
    call("optimizer", optimizers),
    bare(optimizers, "sgd"),
    "How weights follow gradients.",
    "sgd",
  ),
  schedule: named(
    call("schedule", schedules),
    bare(schedules, "constant"),
    "The learning rate over time.",
    "constant",
  ),
  batch: named(count, 32, "Images in a batch."),
  epochs: named(count, 10, "Passes over the data."),
  augment: named(
    listOf(call("augmentation", augmentations)),
    [],
    "Random changes of images.",
    "[]",
  ),
  init: named(word(...initialisers), "kaiming", "How weights begin."),
  clip_norm: optional(positive, "The most that the norm of all gradients may be."),
  decay: named(
    word("all", "weights"),
    "all",
    "What weight decay pulls at; `weights` spares biases and norms.",
  ),
  average: optional(
    fraction,
    "Decay of a moving average of the weights, which is then the result.",
  ),
});
