import type { Node } from "../../../../graph/graph.js";
import type { BatchNormAttrs } from "../../../../ops/batchnorm-attrs.js";
import { isImage } from "../../../../ops/shape.js";
import { batchNormFrozenGradient } from "../../../../ops/training/batchnorm-frozen.js";
import { batchNormGradient, batchNormTraining } from "../../../../ops/training/batchnorm.js";
import { batchNormLayer, batchNormTrainingLayer } from "../../../describe-training.js";
import { pair } from "./pair.js";

const norm = {
  header: "gradient/norm",
  wholeBatch: true,
  // Few numbers, of which the reference makes as short work.
  refuses: ({ inputs }: Node<BatchNormAttrs>) =>
    isImage(inputs[0]!.shape) ? undefined : "a vector has no blocks of channels",
} as const;

export const batchNormGradients = [
  pair({
    ...norm,
    primitive: batchNormTraining,
    layer: batchNormTrainingLayer,
    name: "batch_norm_training",
    perNumber: 0.6,
    roles: ["weight", "bias", "running_mean", "running_var"],
  }),
  pair({
    ...norm,
    primitive: batchNormGradient,
    layer: batchNormLayer,
    name: "batch_norm_gradient",
    perNumber: 0.8,
    roles: ["weight", "mean", "inverse"],
  }),
  pair({
    ...norm,
    primitive: batchNormFrozenGradient,
    layer: batchNormLayer,
    name: "batch_norm_frozen_gradient",
    perNumber: 0.5,
    roles: ["weight", "running_mean", "running_var"],
  }),
];
