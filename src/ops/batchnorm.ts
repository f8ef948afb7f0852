import type { Primitive } from "./primitive.js";
import { channels, type Shape } from "./shape.js";
import { words } from "./window.js";

/** `momentum` is the weight of a new batch in the running statistics, as in PyTorch. */
export interface BatchNormAttrs {
  readonly eps: number;
  readonly affine: boolean;
  readonly momentum: number;
}

/**
 * Ioffe & Szegedy 2015 with running statistics:
 * y = (x - running_mean) / sqrt(running_var + eps) * weight + bias, per channel.
 */
export const batchNorm: Primitive<BatchNormAttrs> = {
  name: "batchnorm",
  infer: ([input]) => [input!],
  weights: ([input], attrs) => batchNormWeights(channels(input!), attrs),
  macs: () => 0,
  format: ({ eps, affine }) => words(`eps ${eps}`, affine ? "" : "not affine"),
  tolerance: 1e-6,
};

/** Roles and shapes for `count` channels. */
export function batchNormWeights(
  count: number,
  { affine }: BatchNormAttrs,
): Readonly<Record<string, Shape>> {
  const each = [count];
  const learned = affine ? { weight: each, bias: each } : {};
  return { ...learned, running_mean: each, running_var: each };
}
