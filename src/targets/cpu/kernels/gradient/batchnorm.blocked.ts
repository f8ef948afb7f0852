import type { Node } from "../../../../graph/graph.js";
import type { BatchNormAttrs } from "../../../../ops/batchnorm-attrs.js";
import type { Epilogue } from "../../../../ops/epilogue.js";
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

/** Of the activations whose derivative is by their result, the one that costs nothing to compute again. */
const rectifies =
  (wanted: "activation" | "mask") =>
  (epilogue: Epilogue): boolean =>
    epilogue.kind === wanted && epilogue.activation === "relu";

export const batchNormGradients = [
  pair({
    ...norm,
    primitive: batchNormTraining,
    layer: batchNormTrainingLayer,
    name: "batch_norm_training",
    carries: rectifies("activation"),
    perNumber: 0.6,
    roles: ["weight", "bias", "running_mean", "running_var"],
  }),
  pair({
    ...norm,
    primitive: batchNormGradient,
    layer: batchNormLayer,
    name: "batch_norm_gradient",
    carries: rectifies("mask"),
    perNumber: 0.8,
    roles: ["weight", "bias", "mean", "inverse"],
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
