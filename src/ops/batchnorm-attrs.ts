import type { Applied } from "./activations.js";

/** `momentum` is the weight of a new batch in the running statistics, as in PyTorch. */
export interface BatchNormAttrs {
  readonly eps: number;
  readonly affine: boolean;
  readonly momentum: number;
}

/** Of a norm that trains. A pass may have it apply the activation after it, whose derivative is by y. */
export interface NormTrainingAttrs extends BatchNormAttrs, Partial<Applied> {}
