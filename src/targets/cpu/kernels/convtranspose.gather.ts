/** The map of a convolution turned round, as a layer with a bias. */
import {
  type ConvTransposeAttrs,
  convTranspose2d,
  transposeOf,
} from "../../../ops/convtranspose2d.js";
import { plane } from "../../../ops/shape.js";
import { convTransposeLayer } from "../../describe-training.js";
import { gatheringKernels } from "./gather.js";
import { reference } from "./gradient/reference.js";

export const convTransposeKernels = gatheringKernels<ConvTransposeAttrs>({
  primitive: convTranspose2d,
  calls: "conv_transpose",
  header: "conv_transpose",
  of: ({ attrs, inputs, outputs }) =>
    transposeOf(attrs, inputs[0]!.shape, plane(outputs[0]!.shape)),
  layer: convTransposeLayer,
  carriesBias: true,
});

export const convTransposeReference = reference({
  primitive: convTranspose2d,
  layer: convTransposeLayer,
  header: "conv",
  name: "conv_transpose",
  roles: ["weight", "bias"],
});
