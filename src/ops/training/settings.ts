/** What training does unless it is told otherwise, in a spec's `train` block or by a trainer's options. */
import type { OptimizerName } from "./optimizers.js";

export type OptimizerSettings = Sgd | Adam<"adam"> | Adam<"adamw"> | RmsProp;

interface Sgd {
  readonly kind: "sgd";
  readonly lr: number;
  readonly momentum: number;
  readonly nesterov: boolean;
  readonly weightDecay: number;
}

interface Adam<K extends "adam" | "adamw"> {
  readonly kind: K;
  readonly lr: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly eps: number;
  readonly weightDecay: number;
}

interface RmsProp {
  readonly kind: "rmsprop";
  readonly lr: number;
  readonly alpha: number;
  readonly eps: number;
  readonly momentum: number;
  readonly weightDecay: number;
}

const betas = { beta1: 0.9, beta2: 0.999, eps: 1e-8 };

/** As docs/language.md documents them: momentum where PyTorch has none, and its numbers otherwise. */
export const optimizerDefaults: {
  readonly [K in OptimizerName]: Extract<OptimizerSettings, { readonly kind: K }>;
} = {
  sgd: { kind: "sgd", lr: 0.1, momentum: 0.9, nesterov: false, weightDecay: 0 },
  adam: { kind: "adam", lr: 1e-3, ...betas, weightDecay: 0 },
  adamw: { kind: "adamw", lr: 1e-3, ...betas, weightDecay: 0.01 },
  rmsprop: { kind: "rmsprop", lr: 0.01, alpha: 0.99, eps: 1e-8, momentum: 0, weightDecay: 0 },
};

/** By what every learning rate is multiplied; `epochs` is where the cosine has come down to 0. */
export type ScheduleSettings =
  | { readonly kind: "constant" }
  | { readonly kind: "step"; readonly every: number; readonly factor: number }
  | { readonly kind: "cosine"; readonly epochs: number; readonly warmup: number };

/**
 * A random change of a training picture, of bytes as they are before the mean is taken: a window of
 * the input's size of the resized picture with `pad` black pixels on each side, instead of its
 * centre; and a mirroring, left to right, of half of the pictures.
 */
export type Augmentation =
  { readonly kind: "crop"; readonly pad: number } | { readonly kind: "flip" };
