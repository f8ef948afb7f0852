import { lrnGradient } from "../../../../ops/training/lrn-gradient.js";
import { lrnLayer } from "../../../describe-training.js";
import { pair } from "./pair.js";

export const lrnGradients = pair({
  primitive: lrnGradient,
  layer: lrnLayer,
  header: "gradient/lrn",
  name: "lrn_gradient",
  perNumber: 5,
});
