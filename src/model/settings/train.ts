/** The `train` block: parsed and checked here, used by training. */
import {
  bool,
  call,
  count,
  fraction,
  listOf,
  natural,
  notNegative,
  positive,
  word,
  type CallArg,
} from "../../ops/kinds.js";
import { named, noArguments, positional, signature } from "../../ops/signature.js";
import type { Train } from "../../syntax/ast.js";
import { bind } from "../values/evaluate.js";
import type { TrainCall, TrainSettings } from "../network.js";
import type { Site } from "../scope/unit.js";

const decay = named(notNegative, 0, "Pulls weights towards 0.");

const losses = {
  cross_entropy: signature({
    label_smoothing: named(fraction, 0, "Share given to the other classes."),
  }),
};

const betas = {
  beta1: named(fraction, 0.9, "Decay of the mean of gradients."),
  beta2: named(fraction, 0.999, "Decay of the mean of their squares."),
  eps: named(positive, 1e-8, "Added to the denominator.", "1e-8"),
};

const optimizers = {
  sgd: signature({
    lr: named(positive, 0.1, "Learning rate."),
    momentum: named(fraction, 0.9, "Share of the last step that is kept."),
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
    momentum: named(fraction, 0, "Share of the last step that is kept."),
    weight_decay: decay,
  }),
};

const schedules = {
  constant: noArguments,
  step: signature({
    every: named(count, 8, "Epochs between two steps."),
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

const none = (name: string, args: CallArg["args"]): CallArg => ({ name, args });

/** The fields of `train { … }`, as an argument table. */
export const trainSignature = signature({
  loss: named(
    call(losses),
    none("cross_entropy", losses.cross_entropy.complete(new Map())),
    "What is minimised.",
    "cross_entropy",
  ),
  optimizer: named(
    call(optimizers),
    none("sgd", optimizers.sgd.complete(new Map())),
    "How weights follow gradients.",
    "sgd",
  ),
  schedule: named(
    call(schedules),
    none("constant", {}),
    "The learning rate over time.",
    "constant",
  ),
  batch: named(count, 32, "Images in a step."),
  epochs: named(count, 10, "Passes over the data."),
  augment: named(listOf(call(augmentations)), [], "Random changes of images.", "[]"),
  init: named(word("kaiming", "xavier"), "kaiming", "How weights begin."),
});

export function readTrain({ fields, span }: Train, site: Site): TrainSettings | undefined {
  const name = { text: "train", span: { ...span, end: span.start + "train".length } };
  const args = fields.map((field) => ({
    ...field,
    span: { ...field.name.span, end: field.value.span.end },
  }));
  const read = bind({ kind: "call", name, args, span: name.span }, trainSignature, site);
  if (read === undefined) return undefined;
  const { loss, optimizer, schedule, augment, ...rest } = read;
  return {
    ...rest,
    loss: asCall(loss),
    optimizer: asCall(optimizer),
    schedule: asCall(schedule),
    augment: augment.map(asCall),
  };
}

/** The signatures above hold numbers and booleans only. */
const asCall = ({ name, args }: CallArg): TrainCall => ({ name, args: args as TrainCall["args"] });
