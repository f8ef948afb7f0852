import { softmaxGradient } from "../../../../ops/training/softmax-gradient.js";
import { shapeLayer } from "../../../describe-training.js";
import { reference } from "./reference.js";

export const softmaxReference = reference({
  primitive: softmaxGradient,
  layer: shapeLayer("Softmax"),
  header: "gradient/softmax",
  name: "softmax_gradient",
});
