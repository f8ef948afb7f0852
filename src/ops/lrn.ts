import type { Primitive } from "./primitive.js";

/**
 * Local response normalisation across channels, Krizhevsky et al. 2012, section 3.3, with alpha
 * divided by size as Caffe and PyTorch do: y = x / (k + alpha / size * sum x^2) ^ beta over the
 * `size` nearest channels.
 */
export interface LrnAttrs {
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly k: number;
}

export const lrn: Primitive<LrnAttrs> = {
  name: "lrn",
  infer: ([input]) => [input!],
  weights: () => ({}),
  macs: () => 0,
  format: ({ size, alpha, beta, k }) => `${size} alpha ${alpha} beta ${beta} k ${k}`,
  tolerance: 1e-6,
};
