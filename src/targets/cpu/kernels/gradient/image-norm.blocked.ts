import { imageNormGradient } from "../../../../ops/training/image-norm-gradient.js";
import { imageNormLayer } from "../../../describe-training.js";
import { pair } from "./pair.js";

export const imageNormGradients = pair({
  primitive: imageNormGradient,
  layer: imageNormLayer,
  header: "gradient/image_norm",
  name: "image_norm_gradient",
  roles: ["weight"],
  perNumber: 2,
});
