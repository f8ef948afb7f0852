import { accuracy } from "../../../../ops/training/accuracy.js";
import { crossEntropy, crossEntropyGradient } from "../../../../ops/training/cross-entropy.js";
import {
  meanSquaredError,
  meanSquaredErrorGradient,
  sigmoidCrossEntropy,
  sigmoidCrossEntropyGradient,
} from "../../../../ops/training/numeric-loss.js";
import { crossEntropyLayer, shapeLayer } from "../../../describe-training.js";
import { reference } from "./reference.js";

const header = "gradient/loss";
const roles = ["smoothing", "class_weights"];

/** Losses of numbers; their derivatives are divided by how many there are in the batch. */
const numeric = [
  { primitive: meanSquaredError, name: "mean_squared_error" },
  { primitive: meanSquaredErrorGradient, name: "mean_squared_error_gradient", roles: ["dy"] },
  { primitive: sigmoidCrossEntropy, name: "sigmoid_cross_entropy" },
  { primitive: sigmoidCrossEntropyGradient, name: "sigmoid_cross_entropy_gradient", roles: ["dy"] },
];

export const lossReferences = [
  reference({
    primitive: crossEntropy,
    layer: crossEntropyLayer,
    header,
    name: "cross_entropy",
    wholeBatch: true,
    roles,
  }),
  reference({
    primitive: crossEntropyGradient,
    layer: crossEntropyLayer,
    header,
    name: "cross_entropy_gradient",
    roles: [...roles, "total", "dy"],
  }),
  reference({
    primitive: accuracy,
    layer: crossEntropyLayer,
    header,
    name: "accuracy",
    wholeBatch: true,
  }),
  ...numeric.map((own) =>
    reference({ ...own, layer: shapeLayer("NumericLoss"), header, wholeBatch: true }),
  ),
];
