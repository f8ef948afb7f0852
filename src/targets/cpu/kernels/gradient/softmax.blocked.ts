import { softmaxGradient } from "../../../../ops/training/softmax-gradient.js";
import { shapeLayer } from "../../../describe-training.js";
import { pair } from "./pair.js";

export const softmaxGradients = pair({
  primitive: softmaxGradient,
  layer: shapeLayer("Softmax"),
  header: "gradient/softmax",
  name: "softmax_gradient",
  perNumber: 2,
});
