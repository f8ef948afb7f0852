import {
  type ConvGradientAttrs,
  convInputGradient,
} from "../../../../ops/training/conv2d-gradient.js";
import { convInputLayer } from "../../../describe-training.js";
import { gatheringKernels } from "../gather.js";

/** Where the stride is 1, a pass has made a convolution of it, unless it was padded beyond its kernel. */
export const convInputKernels = gatheringKernels<ConvGradientAttrs>({
  primitive: convInputGradient,
  calls: "conv_input_gradient",
  header: "gradient/conv_input",
  of: ({ attrs }) => attrs,
  layer: convInputLayer,
  carriesBias: false,
});
