import { convInputGradient, convWeightGradient } from "../../../../ops/training/conv2d-gradient.js";
import { convInputLayer, convWeightLayer } from "../../../describe-training.js";
import { reference } from "./reference.js";

export const convReferences = [
  reference({
    primitive: convInputGradient,
    layer: convInputLayer,
    header: "gradient/conv",
    name: "conv_input_gradient",
    roles: ["weight"],
  }),
  reference({
    primitive: convWeightGradient,
    layer: convWeightLayer,
    header: "gradient/conv",
    name: "conv_weight_gradient",
    wholeBatch: true,
  }),
];
