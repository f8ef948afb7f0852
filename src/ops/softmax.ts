import { elementwise, elementwiseOperator } from "./activation.js";

/** exp(x) / sum(exp(x)) across channels, at each pixel; the largest x is subtracted first. */
export const softmax = elementwise("softmax", 2e-6);

export const softmaxOperator = elementwiseOperator(
  softmax,
  "exp(x) / sum(exp(x)) across channels, at each pixel of an image.",
);
