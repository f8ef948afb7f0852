import { activationGradient } from "../../../../ops/activations.js";
import { activateLayer } from "../../../describe-training.js";
import { pair } from "./pair.js";

export const activationGradients = pair({
  primitive: activationGradient,
  layer: activateLayer,
  header: "gradient/elementwise",
  name: "activation_gradient",
  perNumber: 0.3,
});
