import { ones } from "../../../../ops/training/ones.js";
import { zerosLike } from "../../../../ops/training/zeros-like.js";
import { fillLayer } from "../../../describe-training.js";
import { reference } from "./reference.js";

/** What hangs on the shape of the operand alone. */
export const fillReferences = [
  { primitive: ones, value: 1 },
  { primitive: zerosLike, value: 0 },
].map(({ primitive, value }) =>
  reference({
    primitive,
    layer: fillLayer(value),
    header: "gradient/elementwise",
    name: "fill",
    args: ({ outputs }) => outputs,
  }),
);
