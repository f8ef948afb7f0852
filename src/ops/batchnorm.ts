import type { BatchNormAttrs } from "./batchnorm-attrs.js";
import { batchNormFrozenGradient } from "./training/batchnorm-frozen.js";
import { batchNormTraining } from "./training/batchnorm.js";
import { eachChannel, weight } from "./evaluate.js";
import { bool, fraction, positive } from "./kinds.js";
import type { OnnxNode } from "./onnx.js";
import { batchNormReaders } from "./onnx-reading/batchnorm.js";
import type { Operator } from "./operator.js";
import { normParameters, suffixes } from "./parameters.js";
import type { Builder, BuildValue, Primitive } from "./primitive.js";
import { unknownRange } from "./range.js";
import { channels, type Shape } from "./shape.js";
import { named, signature } from "./signature.js";
import { fixed } from "./trace.js";
import { words } from "./window.js";

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
  inPlace: true,
  range: unknownRange,
  evaluate: eachChannel((operands, { eps }) => {
    const [mean, variance] = [weight(operands, "running_mean"), weight(operands, "running_var")];
    const { weight: gamma, bias: beta } = operands.weights;
    return (x, c) => {
      const unit = (x - mean[c]!) / Math.sqrt(variance[c]! + eps);
      return unit * (gamma?.data[c] ?? 1) + (beta?.data[c] ?? 0);
    };
  }),
  training: (b, { inputs, attrs, weights }) => {
    const [y, , , mean, variance] = b.nodes(batchNormTraining, inputs, attrs, weights);
    b.update(weights["running_mean"]!, mean!);
    b.update(weights["running_var"]!, variance!);
    return [y!];
  },
  // Where the statistics stay as they are.
  gradient: (b, { attrs, inputs: [x], weights: { bias, ...others } }, [dy]) => {
    const [dx, dweight, dbias] = b.nodes(batchNormFrozenGradient, [x!, dy!], attrs, others);
    return { inputs: [dx], weights: bias === undefined ? {} : { weight: dweight, bias: dbias } };
  },
  onnx: { write: writeOnnx, read: batchNormReaders },
};

/** ONNX wants all four; a norm that is not affine multiplies by 1 and adds 0. */
function writeOnnx(node: OnnxNode, { eps, momentum }: BatchNormAttrs): void {
  const count = channels(node.output.shape);
  const filled = (role: string, value: number): string =>
    node.weight(role) ?? node.constant(role, [count], new Float32Array(count).fill(value));
  const inputs = [
    node.inputs[0]!.name,
    filled("weight", 1),
    filled("bias", 0),
    filled("running_mean", 0),
    filled("running_var", 1),
  ];
  node.finish("BatchNormalization", inputs, {
    epsilon: { float: eps },
    momentum: { float: 1 - momentum },
  });
}

/** Roles and shapes for `count` channels. */
export function batchNormWeights(
  count: number,
  { affine }: BatchNormAttrs,
): Readonly<Record<string, Shape>> {
  const each = [count];
  const learned = affine ? { weight: each, bias: each } : {};
  return { ...learned, running_mean: each, running_var: each };
}

export const batchNormSignature = signature({
  eps: named(positive, 1e-5, "Added to the variance.", "1e-5"),
  momentum: named(fraction, 0.1, "Weight of a new batch in the running statistics (training)."),
  affine: named(bool, true, "Learns a factor and an offset a channel."),
});

/** Appends the node, its parameters below `prefix`. */
export function buildBatchNorm(
  b: Builder,
  x: BuildValue,
  attrs: BatchNormAttrs,
  prefix = "",
): BuildValue {
  const weights = batchNormWeights(channels(x.shape), attrs);
  return b.node(batchNorm, [x], attrs, suffixes(weights, prefix));
}

export const batchNormOperator: Operator<BatchNormAttrs> = {
  name: "batchnorm",
  doc: "Batch normalisation (Ioffe & Szegedy, 2015); the running statistics are state, not parameters.",
  signature: batchNormSignature,
  linearity: () => "transparent",
  shape: (input) => input,
  traces: ({ traces }) => traces,
  parameters: (input, attrs) => normParameters(batchNormWeights(channels(input), attrs)),
  parameterTraces: ({ traces: [each = fixed] }, causes) => ({
    presence: causes.of("affine"),
    dimensions: () => [each],
  }),
  build: buildBatchNorm,
};
