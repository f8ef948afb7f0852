import { elementwise, elementwiseOperator } from "./activation.js";

export const identity = elementwise("identity", 0);

export const identityOperator = elementwiseOperator(
  identity,
  "Passes its input through: `output features: from stage -> identity`.",
  "transparent",
);
