import {
  linearInputGradient,
  linearWeightGradient,
} from "../../../../ops/training/linear-gradient.js";
import { linearInputLayer, linearWeightLayer } from "../../../describe-training.js";
import { reference } from "./reference.js";

export const linearReferences = [
  reference({
    primitive: linearInputGradient,
    layer: linearInputLayer,
    header: "gradient/linear",
    name: "linear_input_gradient",
    roles: ["weight"],
  }),
  reference({
    primitive: linearWeightGradient,
    layer: linearWeightLayer,
    header: "gradient/linear",
    name: "linear_weight_gradient",
    wholeBatch: true,
  }),
];
