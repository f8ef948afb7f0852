import { elementwiseOperator, passThrough } from "./elementwise.js";
import { oneNode } from "./onnx.js";
import { alone, reads } from "./onnx-reading/reader.js";

export const identity = passThrough("identity", {
  write: oneNode("Identity"),
  read: reads({ Identity: alone(() => ({})) }),
});

export const identityOperator = elementwiseOperator(
  identity,
  "Passes its input through: `output features: from stage -> identity`.",
  "transparent",
);
