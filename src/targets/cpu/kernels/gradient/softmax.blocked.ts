import { softmaxGradient } from "../../../../ops/training/softmax-gradient.js";
import { softmaxLayer } from "../../../describe-training.js";
import { pair } from "./pair.js";

export const softmaxGradients = pair({
  primitive: softmaxGradient,
  layer: softmaxLayer,
  header: "gradient/softmax",
  name: "softmax_gradient",
  perNumber: 2,
});
