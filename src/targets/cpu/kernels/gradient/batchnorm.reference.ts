import { batchNormFrozenGradient } from "../../../../ops/training/batchnorm-frozen.js";
import { batchNormGradient, batchNormTraining } from "../../../../ops/training/batchnorm.js";
import { batchNormLayer, batchNormTrainingLayer } from "../../../describe-training.js";
import { reference } from "./reference.js";

const norm = { header: "gradient/norm", wholeBatch: true } as const;

export const batchNormReferences = [
  reference({
    ...norm,
    primitive: batchNormTraining,
    layer: batchNormTrainingLayer,
    name: "batch_norm_training",
    roles: ["weight", "bias", "running_mean", "running_var"],
  }),
  reference({
    ...norm,
    primitive: batchNormGradient,
    layer: batchNormLayer,
    name: "batch_norm_gradient",
    roles: ["weight", "mean", "inverse"],
  }),
  reference({
    ...norm,
    primitive: batchNormFrozenGradient,
    layer: batchNormLayer,
    name: "batch_norm_frozen_gradient",
    roles: ["weight", "running_mean", "running_var"],
  }),
];
