import { elementwiseOperator, passThrough } from "./elementwise.js";
import { oneNode } from "./onnx.js";

export const identity = passThrough("identity", oneNode("Identity"));

export const identityOperator = elementwiseOperator(
  identity,
  "Passes its input through: `output features: from stage -> identity`.",
  "transparent",
);
