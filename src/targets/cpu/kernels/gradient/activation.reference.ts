import { activationGradient } from "../../../../ops/activations.js";
import { activateLayer } from "../../../describe-training.js";
import { reference } from "./reference.js";

export const activationReference = reference({
  primitive: activationGradient,
  layer: activateLayer,
  header: "gradient/elementwise",
  name: "activation_gradient",
});
