import { lrnGradient } from "../../../../ops/training/lrn-gradient.js";
import { lrnLayer } from "../../../describe-training.js";
import { reference } from "./reference.js";

export const lrnReference = reference({
  primitive: lrnGradient,
  layer: lrnLayer,
  header: "gradient/lrn",
  name: "lrn_gradient",
});
