import type { BatchNormAttrs } from "./batchnorm-attrs.js";
import { weight } from "./evaluate.js";
import { noOnnx } from "./inner.js";
import type { Primitive } from "./primitive.js";
import { unknownRange } from "./range.js";
import type { Shape } from "./shape.js";
import { words } from "./window.js";

export interface FoldAttrs extends Pick<BatchNormAttrs, "eps"> {
  /** The convolution's weight, whose first dimension is the channels. */
  readonly shape: Shape;
  /** Which of the operands there are; an absent bias is 0, an absent gamma 1, an absent beta 0. */
  readonly bias: boolean;
  readonly gamma: boolean;
  readonly beta: boolean;
}

/**
 * The weight and bias of a convolution that does what a batchnorm after it did.
 * Ioffe & Szegedy 2015, section 3: s = gamma / sqrt(variance + eps);
 * weight'[o] = weight[o] * s[o], bias'[o] = (bias[o] - mean[o]) * s[o] + beta[o].
 */
export const foldBatchNorm: Primitive<FoldAttrs> = {
  name: "fold-batchnorm",
  operands: "none",
  infer: (_, { shape }) => [shape, shape.slice(0, 1)],
  weights: (_, { shape, bias, gamma, beta }) => {
    const channels = shape.slice(0, 1);
    return {
      weight: shape,
      ...(bias ? { bias: channels } : {}),
      ...(gamma ? { gamma: channels } : {}),
      ...(beta ? { beta: channels } : {}),
      mean: channels,
      variance: channels,
    };
  },
  macs: () => 0,
  format: ({ eps }) => words(`eps ${eps}`),
  tolerance: 1e-6,
  inPlace: false,
  range: unknownRange,
  evaluate: (operands, { eps }) => {
    const [of, mean] = [weight(operands, "weight"), weight(operands, "mean")];
    const { bias, gamma, beta } = operands.weights;
    const factors = weight(operands, "variance").map(
      (variance, o) => (gamma?.data[o] ?? 1) / Math.sqrt(variance + eps),
    );
    const row = of.length / factors.length;
    return [
      of.map((w, i) => w * factors[Math.floor(i / row)]!),
      factors.map((s, o) => ((bias?.data[o] ?? 0) - mean[o]!) * s + (beta?.data[o] ?? 0)),
    ];
  },
  onnx: noOnnx("passes fold weights"),
};
