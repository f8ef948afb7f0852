import { maxGradient } from "../../../../ops/training/joins.js";
import { maxLayer } from "../../../describe-training.js";
import { pair } from "./pair.js";

/** Called as joins are: the result before the operands, of which there is any number. */
export const maxGradients = pair({
  primitive: maxGradient,
  layer: maxLayer,
  header: "gradient/join",
  name: "max_gradient",
  perNumber: 0.5,
  args: ({ node, inputs, outputs }) => [
    { kind: "number", value: node.attrs.operand },
    outputs[0]!,
    ...inputs,
  ],
});
