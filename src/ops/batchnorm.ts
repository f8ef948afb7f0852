import { type BatchNormAttrs, learned, learnedRoles } from "./batchnorm-attrs.js";
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
import { type ArgsIn, named, optional, signature } from "./signature.js";
import { saying, spelling, type Words } from "./spelling.js";
import { computedFrom, fixed } from "./trace.js";
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
  format: (attrs) => words(`eps ${attrs.eps}`, formatLearned(attrs)),
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
  gradient: (b, { attrs, inputs: [x], weights: { bias: _, ...others } }, [dy]) => {
    const [dx, dweight, dbias] = b.nodes(batchNormFrozenGradient, [x!, dy!], attrs, others);
    return { inputs: [dx], weights: learned(attrs, { weight: dweight!, bias: dbias! }) };
  },
  onnx: { write: writeOnnx, read: batchNormReaders },
};

function formatLearned({ scale, shift }: BatchNormAttrs): string {
  if (!scale && !shift) return "not affine";
  return words(scale ? "" : "no scale", shift ? "" : "no shift");
}

/** ONNX wants all four; a norm that learns no factor or no offset multiplies by 1 or adds 0. */
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
  attrs: BatchNormAttrs,
): Readonly<Record<string, Shape>> {
  const roles = [...learnedRoles(attrs), "running_mean", "running_var"];
  return Object.fromEntries(roles.map((role) => [role, [count]]));
}

export const batchNormSignature = signature({
  eps: named(positive, 1e-5, "Added to the variance.", "1e-5"),
  momentum: named(fraction, 0.1, "Weight of a new batch in the running statistics (training)."),
  affine: named(bool, true, "Learns a factor and an offset a channel."),
  scale: optional(bool, "Learns the factor; as `affine` says unless it is written."),
  shift: optional(bool, "Learns the offset; as `affine` says unless it is written."),
});

export type BatchNormArgs = ArgsIn<typeof batchNormSignature>;

export const batchNormAttrs = ({ affine, ...args }: BatchNormArgs): BatchNormAttrs => ({
  ...args,
  scale: args.scale ?? affine,
  shift: args.shift ?? affine,
});

/** `affine` speaks of both, the others of what one of them does alone. */
function sayNorm({ eps, momentum, scale, shift }: BatchNormAttrs): Words {
  const neither = !scale && !shift;
  return {
    eps: saying.number(eps),
    momentum: saying.number(momentum),
    affine: saying.bool(!neither),
    scale: scale || neither ? undefined : saying.bool(false),
    shift: shift || neither ? undefined : saying.bool(false),
  };
}

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

export const batchNormOperator: Operator<BatchNormArgs> = {
  name: "batchnorm",
  doc: "Batch normalisation (Ioffe & Szegedy, 2015); the running statistics are state, not parameters.",
  signature: batchNormSignature,
  spelling: spelling(batchNorm, sayNorm),
  linearity: () => "transparent",
  shape: (input) => input,
  traces: ({ traces }) => traces,
  parameters: (input, args) =>
    normParameters(batchNormWeights(channels(input), batchNormAttrs(args))),
  parameterTraces: ({ traces: [each = fixed] }, causes) => ({
    presence: computedFrom(causes.of("affine"), causes.of("scale"), causes.of("shift")),
    dimensions: () => [each],
  }),
  build: (b, x, args) => buildBatchNorm(b, x, batchNormAttrs(args)),
};
