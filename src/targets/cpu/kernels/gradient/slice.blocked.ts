import { slice } from "../../../../ops/joins/concat.js";
import { sliceLayer } from "../../../describe-training.js";
import { move } from "../costs.js";
import { pair } from "./pair.js";

export const slices = pair({
  primitive: slice,
  layer: sliceLayer,
  header: "gradient/slice",
  name: "slice",
  perNumber: move,
});
