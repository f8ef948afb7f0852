import { isImage } from "../../../../ops/shape.js";
import { preluGradient } from "../../../../ops/training/prelu-gradient.js";
import { preluLayer } from "../../../describe-training.js";
import { pair } from "./pair.js";

export const preluGradients = pair({
  primitive: preluGradient,
  layer: preluLayer,
  header: "gradient/prelu",
  name: "prelu_gradient",
  wholeBatch: true,
  refuses: ({ inputs }) =>
    isImage(inputs[0]!.shape) ? undefined : "a vector has no blocks of channels",
  roles: ["weight"],
  perNumber: 0.5,
});
