import { ones } from "../../../../ops/training/ones.js";
import { zerosLike } from "../../../../ops/training/zeros-like.js";
import { fillLayer } from "../../../describe-training.js";
import { pair } from "./pair.js";

/** What hangs on the shape of the operand alone. */
export const fills = [
  { primitive: ones, value: 1 },
  { primitive: zerosLike, value: 0 },
].map(({ primitive, value }) =>
  pair({
    primitive,
    layer: fillLayer(value),
    header: "gradient/elementwise",
    name: "fill",
    perNumber: 0.1,
    args: ({ outputs }) => outputs,
  }),
);
