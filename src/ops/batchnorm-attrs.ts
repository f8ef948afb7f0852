/** `momentum` is the weight of a new batch in the running statistics, as in PyTorch. */
export interface BatchNormAttrs {
  readonly eps: number;
  readonly affine: boolean;
  readonly momentum: number;
}
