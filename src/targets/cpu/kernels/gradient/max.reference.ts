import { maxGradient } from "../../../../ops/training/joins.js";
import { maxLayer } from "../../../describe-training.js";
import { reference } from "./reference.js";

/** Called as joins are: the result before the operands, of which there is any number. */
export const maxReference = reference({
  primitive: maxGradient,
  layer: maxLayer,
  header: "gradient/join",
  name: "max_gradient",
  args: ({ node, inputs, outputs }) => [
    { kind: "number", value: node.attrs.operand },
    outputs[0]!,
    ...inputs,
  ],
});
