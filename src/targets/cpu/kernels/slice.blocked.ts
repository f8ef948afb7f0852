import { slice } from "../../../ops/joins/concat.js";
import { sliceFields } from "../../describe.js";
import { both } from "../kernel.js";
import { move } from "./costs.js";

/** Copies channels that could not be read where they lie. */
export const sliceKernels = both({
  name: "slice",
  primitive: slice,
  perNumber: move,
  lower: (cx) => {
    const layer = cx.layer("Slice", ...sliceFields(cx.node));
    return [cx.own("slice", "slice", layer, [cx.inputs[0]!, cx.outputs[0]!])];
  },
});
